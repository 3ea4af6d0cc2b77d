// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.OpenCallFacts;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.machine.api.RolePort;

/** Goes from trap to verdict: keeps the calls that are open, and asks the function of the innermost for its next step. */
final class Engine {
  /** Calls that may be open at a time: a guest whose notification functions call themselves gets no further. */
  static final int MOST_OPEN = 256;
  /** Steps in a trap before the function that is asked for them is taken to have none that ends. */
  private static final int MOST_STEPS = 1 << 20;
  private static final int MOST_ARGUMENTS = 8;
  /** Microseconds that are waited for without the timer's interrupt: to set it, to sleep and to acknowledge it would take longer. */
  private static final long SOON = 50;
  /** Errors that no caller can have made: their reasons are told. */
  private static final Set<EfiStatus> NO_CALLERS = Set.of(EfiStatus.DEVICE_ERROR, EfiStatus.VOLUME_CORRUPTED);

  private final BootFirmware firmware;
  private final LayersPort layers;
  private final List<OpenCall> open = new ArrayList<>();
  /** What is touched before anything of the guest's is executed again; nothing between two traps. */
  private final PostedAccesses posted = new PostedAccesses();

  Engine(BootFirmware firmware, LayersPort layers) {
    this.firmware = firmware;
    this.layers = layers;
  }

  void clear() {
    open.clear();
  }

  /** How many calls are open. */
  int depth() {
    return open.size();
  }

  private OpenCall top() {
    return open.getLast();
  }

  /** A guest has called a stub. */
  Verdict service(int function, long frame) {
    if (open.size() >= MOST_OPEN) {
      firmware.memory().put64(frame + firmware.program().frameResult(), EfiStatus.OUT_OF_RESOURCES.code());
      return Verdict.of(FirmwareProgram.RETURN, frame);
    }
    long[] arguments = new long[MOST_ARGUMENTS];
    for (int i = 0; i < MOST_ARGUMENTS; i++) {
      arguments[i] = firmware.memory().get64(frame + 8L * i);
    }
    push(new OpenCall(firmware, function, arguments, frame, true, frame));
    return posted.before(firmware.memory(), this::run);
  }

  /** The timer's interrupt was taken: what is due is called. */
  Verdict interrupt(long frame) {
    if (open.size() >= MOST_OPEN || !firmware.events().isDue()) {
      return Verdict.of(FirmwareProgram.RESUME, frame);
    }
    OpenCall activity = new OpenCall(firmware, firmware.functions().number(CoreServices.LAYER, CoreServices.NOTIFY), new long[] {0}, frame,
        true,
        frame);
    activity.exception = true;
    push(activity);
    return posted.before(firmware.memory(), this::run);
  }

  /** What the innermost call was waiting for is there: a function's result, or time. */
  Verdict goOn(long frame, boolean returned, long value) {
    // Whoever jumped over our frames has left what was called from them.
    while (!open.isEmpty() && top().frame != frame) {
      leave();
    }
    if (open.isEmpty()) {
      firmware.announce("efi-stack", "a function returned to 0x" + Long.toHexString(frame) + ", where no call is open");
      return Verdict.STAND;
    }
    if (returned) {
      top().returned(value);
    }
    return posted.before(firmware.memory(), this::run);
  }

  /** The innermost call is over, in whatever way. */
  private void leave() {
    open.removeLast().over();
  }

  private void push(OpenCall activity) {
    Functions.Name name = firmware.functions().name(activity.function);
    activity.version = name == null ? 0 : version(name.layer());
    open.add(activity);
  }

  private int version(String layer) {
    LayersPort.Claim claim = layers.layer(layer);
    return claim == null ? 0 : claim.layer().version();
  }

  /** Calls a function of the core's from the innermost call, which doesn't know. Its result is what it had before. */
  private void interrupt(OpenCall below, String name) {
    push(new OpenCall(firmware, firmware.functions().number(CoreServices.LAYER, name), new long[] {below.result}, below.frame, false,
        below.stack));
  }

  private Verdict run() {
    int steps = 0;
    int ended = 0;
    while (true) {
      if (++steps > MOST_STEPS) {
        steps = 0;
        Verdict verdict = end(++ended);
        if (verdict != null) {
          return verdict;
        }
      }
      OpenCall activity = top();
      if (activity.until != 0) {
        if (Long.compareUnsigned(firmware.counter(), activity.until) < 0) {
          if (firmware.events().isDue()) {
            interrupt(activity, CoreServices.NOTIFY);
            continue;
          }
          return wait(activity);
        }
        activity.until = 0;
      }
      EfiStep step = next(activity);
      if (open.isEmpty() || top() != activity) {
        continue; // Exit has left it
      }
      Verdict verdict = execute(activity, step);
      if (verdict != null) {
        return verdict;
      }
    }
  }

  /** Ends calls whose steps don't: the innermost, and each time that this is of no use in one trap one more of those that it was called by. */
  private Verdict end(int count) {
    firmware.report("efi-steps", firmware.functions().name(top().function) + " takes " + MOST_STEPS + " steps and doesn't come to an end");
    for (int i = 1; i < count && open.size() > 1 && !top().entered && !open.get(open.size() - 2).entered; i++) {
      leave();
    }
    return finish(top(), EfiStatus.DEVICE_ERROR.code());
  }

  private Verdict wait(OpenCall activity) {
    long until = firmware.events().next(activity.until);
    boolean soon = Long.compareUnsigned(until, firmware.after(SOON)) <= 0;
    return new Verdict(FirmwareProgram.WAIT, activity.frame, until, activity.stack, firmware.hasInterrupts() && !soon ? 0 : 1);
  }

  private Verdict execute(OpenCall activity, EfiStep step) {
    // Not a switch: the JVM would make what that needs when it comes here first, and interpret it for long.
    if (step instanceof EfiStep.Return done) {
      return finish(activity, done.value());
    } else if (step instanceof EfiStep.Invoke invoke) {
      activity.step = invoke.next();
      return invoke(activity, invoke);
    } else if (step instanceof EfiStep.Post post) {
      activity.step = post.next();
      return posted.add(post.accesses()) ? null : touch(activity, post.accesses());
    } else if (step instanceof EfiStep.Touch touch) {
      activity.step = touch.next();
      return touch(activity, touch.accesses());
    } else if (step instanceof EfiStep.Wait wait) {
      activity.step = wait.next();
      activity.until = Math.max(1, wait.until());
    } else if (step instanceof EfiStep.Go go) {
      activity.step = go.next();
    }
    return null;
  }

  /** A call returns: to whom it was called by. */
  private Verdict finish(OpenCall activity, long value) {
    leave();
    if (!activity.entered) {
      top().result = value;
      return null;
    }
    if (activity.exception) {
      return Verdict.of(FirmwareProgram.RESUME, activity.frame);
    }
    if (firmware.events().isDue()) {
      push(new OpenCall(firmware, firmware.functions().number(CoreServices.LAYER, CoreServices.NOTIFY), new long[] {value}, activity.frame,
          true, activity.frame));
      return null;
    }
    firmware.memory().put64(activity.frame + firmware.program().frameResult(), value);
    return Verdict.of(FirmwareProgram.RETURN, activity.frame);
  }

  private Verdict invoke(OpenCall activity, EfiStep.Invoke invoke) {
    int ours = firmware.function(invoke.function());
    if (ours >= 0) {
      if (open.size() >= MOST_OPEN) {
        activity.result = EfiStatus.OUT_OF_RESOURCES.code();
      } else {
        push(new OpenCall(firmware, ours, invoke.arguments().clone(), activity.frame, false, activity.stack));
      }
      return null;
    }
    if (invoke.function() == 0) {
      activity.result = EfiStatus.UNSUPPORTED.code();
      return null;
    }
    return call(activity, activity.stack, invoke.function(), invoke.arguments());
  }

  /** x0 to x7 lie above the arguments that are on the stack. */
  private Verdict call(OpenCall activity, long from, long function, long[] arguments) {
    EfiRam memory = firmware.memory();
    long registers = from - 8L * MOST_ARGUMENTS & -16;
    long stack = registers - 8L * Math.max(0, arguments.length - MOST_ARGUMENTS) & -16;
    for (int i = 0; i < MOST_ARGUMENTS; i++) {
      memory.put64(registers + 8L * i, i < arguments.length ? arguments[i] : 0);
    }
    for (int i = MOST_ARGUMENTS; i < arguments.length; i++) {
      memory.put64(stack + 8L * (i - MOST_ARGUMENTS), arguments[i]);
    }
    return new Verdict(FirmwareProgram.CALL, activity.frame, function, stack, registers);
  }

  private Verdict touch(OpenCall activity, List<EfiAccess> accesses) {
    EfiRam memory = firmware.memory();
    long list = activity.stack - (long) FirmwareProgram.ACCESS * accesses.size() & -16;
    PostedAccesses.write(memory, list, accesses);
    activity.touching(list, accesses.size());
    return call(activity, list, firmware.touch(), new long[] {list, accesses.size()});
  }

  private EfiStep next(OpenCall activity) {
    Functions.Name name = firmware.functions().name(activity.function);
    if (name == null) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    try {
      if (name.layer().equals(CoreServices.LAYER)) {
        EfiFunction function = firmware.core(name.name());
        return function == null ? EfiStep.done(EfiStatus.UNSUPPORTED) : function.next(activity);
      }
      return ask(name, activity);
    } catch (EfiError e) {
      if (NO_CALLERS.contains(e.status())) {
        firmware.report("efi-error", name + ": " + e.status() + ", " + e.getMessage());
      }
      return EfiStep.done(e.status());
    }
  }

  private EfiStep ask(Functions.Name name, OpenCall activity) {
    LayersPort.Claim claim = layers.layer(name.layer());
    if (claim == null) {
      return EfiStep.done(activity.step == 0 ? EfiStatus.NOT_READY : EfiStatus.DEVICE_ERROR);
    }
    try {
      EfiLayer layer = claim.layer();
      if (layer.version() != activity.version) {
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      EfiFunction function = layer.function(name.name());
      return function == null ? EfiStep.done(EfiStatus.UNSUPPORTED) : function.next(activity);
    } catch (EfiError e) {
      throw e;
    } catch (Throwable bug) {
      RolePort.rethrowMemory(bug);
      layers.detach(claim.layer());
      claim.owner().failed(bug);
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
  }

  /** A layer is asked to publish what it has. */
  void begin(LayersPort.Claim claim) {
    try {
      claim.layer().begin(firmware);
    } catch (EfiError e) {
      firmware.report("efi-layer", claim.layer().name() + " can't begin: " + e.status() + ", " + e.getMessage());
    } catch (Throwable bug) {
      RolePort.rethrowMemory(bug);
      layers.detach(claim.layer());
      claim.owner().failed(bug);
    }
  }

  /** The innermost open call of a function of the core's whose first number is this; null if there is none. */
  OpenCall find(String name, long number) {
    for (OpenCall activity : open.reversed()) {
      Functions.Name its = firmware.functions().name(activity.function);
      if (its != null && its.layer().equals(CoreServices.LAYER) && its.name().equals(name) && activity.get(0) == number) {
        return activity;
      }
    }
    return null;
  }

  /** Leaves all calls inside of one, which goes on with a result. */
  void leaveTo(OpenCall activity, long result) {
    while (top() != activity) {
      leave();
    }
    activity.result = result;
  }

  /** Leaves all calls but one, which a guest made: for when nobody returns to them any more. */
  void leaveAllBut(OpenCall activity) {
    open.removeIf(each -> each != activity);
  }

  /** Whether another call of the same layer than one has a certain argument. */
  boolean isBusy(OpenCall asks, int index, long value) {
    Functions.Name name = firmware.functions().name(asks.function);
    return open.stream().anyMatch(each -> each != asks && index < each.arguments.length && each.arguments[index] == value && firmware
        .functions().name(each.function) instanceof Functions.Name its && its.layer().equals(name.layer()));
  }

  /** Calls that are open, the innermost last. */
  List<OpenCallFacts> calls() {
    return open.stream().map(each -> {
      Functions.Name name = firmware.functions().name(each.function);
      return new OpenCallFacts(name.layer(), name.name(), each.step, each.until != 0, each.microseconds());
    }).toList();
  }

  byte[] save() {
    LongWriter out = new LongWriter();
    return out.all(open, each -> each.save(out)).bytes();
  }

  void restore(byte[] bytes) {
    LongReader in = new LongReader("calls", bytes);
    clear();
    in.each(() -> open.add(OpenCall.restore(firmware, in)));
  }
}
