// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.control.Machine.InputHandler;
import org.xenolith.machine.places.DeviceSlot;

/** Inputs from outside on their way into the machine. Brought by any thread, applied by the machine's at safe points. */
public final class OutsideInputs {
  private final Hardware hardware;
  private final Map<String, InputHandler> handlers = new ConcurrentHashMap<>();
  private volatile Function<String, Optional<InputHandler>> others = kind -> Optional.empty();
  private final ConcurrentLinkedQueue<Input> arrived = new ConcurrentLinkedQueue<>();
  /** Arrived earlier and not taken yet, oldest first. */
  private final List<Input> waiting = new ArrayList<>();

  /** One input. */
  public record Input(String kind, String place, byte[] bytes) {}

  /** Is told what was applied, to write it down and to let follow what falls due. */
  public interface Applied {
    void input(Input taken);
  }

  OutsideInputs(Hardware hardware) {
    this.hardware = hardware;
  }

  public void handler(String kind, InputHandler handler) {
    handlers.put(kind, handler);
  }

  /** Who takes inputs of kinds that have no handler. */
  public void others(Function<String, Optional<InputHandler>> more) {
    others = more;
  }

  private InputHandler handler(String kind) {
    InputHandler known = handlers.get(kind);
    return known != null ? known : others.apply(kind).orElse(null);
  }

  /** Has one taken now, all of it or nothing. */
  public void take(Input input) {
    InputHandler handler = handler(input.kind);
    if (handler == null) {
      throw new IllegalArgumentException(input.place + ": nobody takes inputs of the kind " + input.kind);
    }
    int taken = handler.apply(input.place, input.bytes);
    if (taken != input.bytes.length) {
      throw new IllegalArgumentException("%s: %d of %d bytes were taken".formatted(input.place, taken, input.bytes.length));
    }
  }

  public void bring(String kind, String place, byte[] bytes) {
    arrived.add(new Input(kind, place, bytes.clone()));
  }

  /** Whether an input has arrived that was not offered yet. */
  boolean fresh() {
    return !arrived.isEmpty();
  }

  /** Whether anything waits to be taken. */
  public boolean pending() {
    return !waiting.isEmpty() || fresh();
  }

  /** Forgets everything that waits. */
  void drop() {
    arrived.clear();
    waiting.clear();
  }

  /** Offers all that waits; what isn't taken stays, and holds back what came later for the same place. */
  public void apply(Applied applied) {
    for (Input input; (input = arrived.poll()) != null;) {
      waiting.add(input);
    }
    Set<String> blocked = new HashSet<>();
    List<Input> rest = new ArrayList<>();
    for (Iterator<Input> each = List.copyOf(waiting).iterator(); each.hasNext();) {
      Input input = each.next();
      String queue = input.kind + ' ' + input.place;
      if (blocked.contains(queue)) {
        rest.add(input);
        continue;
      }
      int taken = offer(input);
      if (taken > 0 || input.bytes.length == 0) {
        applied.input(new Input(input.kind, input.place, Arrays.copyOf(input.bytes, taken)));
      }
      if (taken < input.bytes.length) {
        rest.add(new Input(input.kind, input.place, Arrays.copyOfRange(input.bytes, taken, input.bytes.length)));
        blocked.add(queue);
      }
    }
    waiting.clear();
    waiting.addAll(rest);
  }

  /** Gives an input to its handler; returns how many bytes it took, all of them if it can never take any. */
  public int offer(Input input) {
    InputHandler handler = handler(input.kind);
    if (handler == null) {
      hardware.events.report("input-refused", input.place, "nobody takes inputs of the kind " + input.kind);
      return input.bytes.length;
    }
    try {
      return Math.clamp(handler.apply(input.place, input.bytes), 0, input.bytes.length);
    } catch (Throwable e) {
      DeviceSlot thrower = hardware.throwers.of(e, hardware);
      if (thrower == null) {
        hardware.events.report("input-refused", input.place, input.kind + ": " + e);
      } else {
        thrower.failed(e);
      }
      return input.bytes.length;
    }
  }
}
