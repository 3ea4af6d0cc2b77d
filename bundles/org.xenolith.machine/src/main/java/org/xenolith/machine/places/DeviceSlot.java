// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.bus.BusWindow;
import org.xenolith.machine.bus.WindowMemory;
import org.xenolith.machine.control.StoredRegister;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;

/**
 * One place of a machine where a device can be: a node, or a function behind a node's transport. Permanent; the model in it
 * comes and goes, its record stays.
 */
public final class DeviceSlot {
  /** What a slot asks of the offers. */
  public enum Role { NODE, FUNCTION, CPU, SUBSYSTEM }

  private static final String REMOVED_OPTION = "removed";

  private final Hardware hardware;
  private final PlatformNode node;
  private final Role role;
  private final String key;
  private final int order;
  private final Map<AddressWindow, BusWindow> windows = new LinkedHashMap<>();
  private ModelOffer offer;
  private DeviceModel model;
  private SlotContext context;
  private KeptState kept;
  /** Whether the last model took leave of the ports, or can't any more. */
  private boolean left;
  /** Of the bundle whose model it is, or was at last: the model's class may be a kit's, which stays. */
  private Class<?> provider;
  /** The offer whose model is being made; null most of the time. */
  private ModelOffer making;
  private ModelDescription description;
  /** The offer whose model threw, so that it isn't tried again. */
  private ModelOffer failedOffer;
  /** Offers of which no model could be made: they are passed over as long as they are there. */
  private final List<ModelOffer> refused = new ArrayList<>();
  /** The offer of software that is being loaded again; null most of the time. */
  private ModelOffer again;

  /**
   * @param key   function id, enable-method or role in the machine's software; empty for the device of the node itself
   * @param order position among the machine's slots
   */
  public DeviceSlot(Hardware hardware, PlatformNode node, Role role, String key, int order) {
    this.hardware = hardware;
    this.node = node;
    this.role = role;
    this.key = key;
    this.order = order;
  }

  public PlatformNode node() {
    return node;
  }

  int order() {
    return order;
  }

  /** Node path; a function has its id behind {@code #}, a part of a hypervisor or of firmware its role behind a colon. */
  public String instance() {
    return switch (role) {
      case FUNCTION -> node.path() + '#' + key;
      case SUBSYSTEM -> node.path() + ':' + SubsystemPlaces.name(key);
      case NODE, CPU -> node.path();
    };
  }

  /** The best offer for this slot now whose model isn't known to break when it is made, or null. */
  public ModelOffer bestOffer(Offers all) {
    refused.removeIf(gone -> !all.holds(gone));
    Offers offers = all.without(refused);
    String instructions = hardware.bootCpu().instructions();
    return switch (role) {
      case NODE -> offers.forNode(node, instructions);
      case FUNCTION -> offers.forFunction(key, instructions);
      case CPU -> offers.forEnableMethod(key, instructions);
      case SUBSYSTEM -> offers.forRole(key, instructions);
    };
  }

  public Role role() {
    return role;
  }

  /** The offer that serves it, or served it until its model failed; null while absent. */
  public ModelOffer offer() {
    return offer != null ? offer : failedOffer;
  }

  public boolean present() {
    return model != null;
  }

  public DeviceModel model() {
    return model;
  }

  /**
   * Makes the model of an offer, from the kept record if there is one. Without one the caller must {@link #reset} it.
   *
   * @param origin where its state comes from; one that isn't a record's has what is kept forgotten
   */
  public void attach(ModelOffer newOffer, DeviceOrigin origin) {
    if (!origin.fromRecord()) {
      kept = null;
    }
    SlotContext newContext = null;
    hardware.fabric.hold();
    making = newOffer;
    hardware.entered.device = instance();
    try {
      ModelDescription newDescription = Objects.requireNonNull(newOffer.factory().description(), "no description");
      newContext = new SlotContext(this, hardware, newDescription, origin);
      DeviceModel newModel = newOffer.factory().create(newContext);
      if (newModel == null) {
        throw new ModelException(instance() + ": " + newOffer.provider() + " made no model");
      }
      if (kept != null) {
        newModel.state().restore(kept.record());
        newContext.restoreAlarms(kept.alarms());
      }
      offer = newOffer;
      provider = newOffer.factory().getClass();
      failedOffer = null;
      context = newContext;
      model = newModel;
      description = newDescription;
      left = false;
      newContext.commit();
      if (kept != null) {
        newModel.restored();
        kept = null;
      }
    } catch (Throwable e) {
      if (newContext != null) {
        newContext.close();
      }
      offer = null;
      context = null;
      model = null;
      throw e;
    } finally {
      making = null;
      // What it did to this thread ends with its call.
      Thread.interrupted();
      hardware.fabric.release();
    }
  }

  /** Cold reset of the model. */
  public void reset() {
    if (model != null) {
      hardware.entered.device = instance();
      try {
        model.reset();
      } catch (Throwable bug) {
        threw(bug);
      }
    }
    if (model != null && context.isController()) {
      hardware.fabric.reset(node.path());
    }
  }

  /** The machine is reset: its model is, and what is kept of one that isn't there is worth nothing any more. */
  public void powerCycle() {
    if (model == null) {
      kept = null;
    } else {
      context.begin(DeviceOrigin.MACHINE_RESET);
    }
    reset();
  }

  /** The machine is reset: the software that is here is gone. */
  public void unload() {
    if (model != null) {
      again = offer;
      drop();
      offer = null;
    }
    kept = null;
  }

  /** The software that is here is gone, and waits to be loaded by whom there is then. */
  public void withhold() {
    unload();
    again = null;
  }

  /** After {@link #unload}: it is loaded again. It still has to be {@link #reset}. */
  public void loadAgain() {
    ModelOffer loaded = again;
    again = null;
    if (loaded != null) {
      try {
        attach(loaded, DeviceOrigin.MACHINE_RESET);
      } catch (RamExhausted notTheDevices) {
        throw notTheDevices;
      } catch (Throwable bug) {
        failedOffer = loaded;
        hardware.events.announce("model-refused", instance(), loaded.provider() + ": " + bug);
      }
    }
  }

  /**
   * The device's state now: of its model, else of its last one; null if there never was any.
   *
   * @throws ModelException naming the device, if its model doesn't give it
   */
  public KeptState capture() {
    if (model == null) {
      return kept;
    }
    hardware.entered.device = instance();
    try {
      return new KeptState(model.state().save(), context.armedAlarms());
    } catch (RamExhausted notTheDevices) {
      throw notTheDevices;
    } catch (Throwable bug) {
      ModelException named = new ModelException(instance() + ": " + offer.provider() + " doesn't give its state: " + trace(bug));
      named.initCause(bug);
      throw named;
    }
  }

  /** The registers that its model's tables have, as they are stored. */
  public List<StoredRegister> registers() {
    List<StoredRegister> all = new ArrayList<>();
    looking(state -> {
      state.visitRegisters((window, register, value, stored) -> all.add(new StoredRegister(window, register.name(), register.spec()
          .offset(),
          register.spec().size(), register.spec().ref(), stored ? OptionalLong.of(value) : OptionalLong.empty(), register.words())));
      return Optional.of(OptionalLong.empty());
    });
    return all;
  }

  /** What is stored in one of them; empty if it has no such register. */
  public Optional<OptionalLong> stored(StoredRegister register) {
    return looking(state -> state.stored(register.window(), register.name(), register.offset()));
  }

  private Optional<OptionalLong> looking(Function<DeviceState, Optional<OptionalLong>> look) {
    if (model == null) {
      return Optional.empty();
    }
    hardware.entered.device = instance();
    try {
      return look.apply(model.state());
    } catch (RuntimeException bug) {
      ModelException named = new ModelException(instance() + ": " + offer.provider() + " doesn't tell its registers: " + trace(bug));
      named.initCause(bug);
      throw named;
    }
  }

  /** Takes over a snapshot's record: into the model, or kept if there is none. */
  public void restore(KeptState state) {
    if (model == null) {
      kept = state;
    } else if (state == null) {
      throw new ModelException(instance() + ": the snapshot has no record of it");
    } else {
      context.begin(DeviceOrigin.SNAPSHOT);
      model.state().restore(state.record());
      context.restoreAlarms(state.alarms());
    }
  }

  /** Tells the model that its state was restored. */
  public void restored() {
    if (model != null) {
      try {
        model.restored();
      } catch (Throwable bug) {
        threw(bug);
      }
    }
  }

  /**
   * The model, if there is one, makes room for another one of the same provider: its claims end. Ports still hold what it
   * gave them, which the next model replaces.
   *
   * @param state what the next model starts from
   * @return what undoes its claims on ports if no model follows; null if there was no model
   */
  public Runnable suspend(KeptState state) {
    DeviceModel old = model;
    if (old != null) {
      context.close();
      context = null;
      model = null;
    }
    kept = state;
    offer = null;
    failedOffer = null;
    Class<?> its = provider;
    provider = null;
    return old == null ? null : () -> dispose(old, its);
  }

  /** Surprise removal: the model goes, its record stays. */
  public void detach() {
    if (model != null) {
      try {
        kept = capture();
      } catch (ModelException broken) {
        hardware.events.announce("model-failed", instance(), "while it was removed: " + broken.getMessage());
        kept = null;
      }
      drop();
    }
    offer = null;
    failedOffer = null;
  }

  /** A call of the model threw: whose code that was, its own or that of a model that it called, is taken off the bus. */
  void threw(Throwable bug) {
    hardware.throwers.of(bug, this, hardware).forEach(slot -> slot.failed(bug));
  }

  /** The model threw what it must not: it is taken off the bus, and only it. */
  public void failed(Throwable bug) {
    hardware.events.announce("model-failed", instance(), offer.provider() + ": " + trace(bug));
    failedOffer = offer;
    try {
      kept = capture();
    } catch (Throwable second) {
      kept = null;
    }
    drop();
    offer = null;
  }

  /** The model will not come back from a call, so that none may be made of it: its place is free, what it knew is gone. */
  public void lost() {
    hardware.events.announce("model-failed", instance(), offer.provider() + " did not come back: it is off the bus");
    failedOffer = offer;
    offer = null;
    model = null;
    kept = null;
    left = true;
    context.close();
    context = null;
    hardware.ports.drop(node.path(), provider);
    provider = null;
  }

  /** Whether a bundle serves it, or is about to. */
  public boolean serves(String bundle) {
    ModelOffer by = making != null ? making : offer;
    return by != null && by.provider().bundle().equals(bundle);
  }

  /** What the model says of itself. */
  public ModelDescription description() {
    return description;
  }

  /**
   * Remembers an offer whose model could not be made, so that it isn't tried again, and says so.
   *
   * @param broken null if there is none, as when two are as good as one another
   */
  public void refuse(ModelOffer broken, Object why, Offers offers) {
    failedOffer = broken;
    ModelOffer next = null;
    if (broken != null) {
      refused.add(broken);
      next = nextOffer(offers);
    }
    hardware.events.announce("model-refused", instance(), (broken == null ? "" : broken.provider() + ": ") + why
        + (next == null ? "" : "; " + next.provider() + " is the next that serves it"));
  }

  private ModelOffer nextOffer(Offers offers) {
    try {
      return bestOffer(offers);
    } catch (ModelException several) {
      // That is said when one of them is to be taken.
      return null;
    }
  }

  private void drop() {
    DeviceModel old = model;
    model = null;
    context.close();
    context = null;
    dispose(old, provider);
    provider = null; // a bundle that is gone can be collected
  }

  private void dispose(DeviceModel old, Class<?> its) {
    left = true;
    try {
      old.removed();
    } catch (Throwable bug) {
      hardware.events.announce("model-failed", instance(), "while it was removed: " + trace(bug));
    }
    hardware.ports.drop(node.path(), its);
  }

  private static String trace(Throwable bug) {
    StackTraceElement[] frames = bug.getStackTrace();
    return bug + (frames.length == 0 ? "" : " at " + frames[0]);
  }

  /** The permanent window of a range; its number in {@code reg} is -1 if it isn't there. */
  BusWindow window(AddressWindow range, int index) {
    BusWindow known = windows.get(range);
    if (known == null) {
      known = new BusWindow(range, instance(), index, abortsWhenRemoved(), hardware.exits, hardware.entered);
      hardware.space.add(range, known);
      windows.put(range, known);
    }
    return known;
  }

  /** The bytes of a window that is claimed already, made when they are first asked for. */
  WindowMemory memory(AddressWindow range, int index, int blank) {
    return window(range, index).memory(() -> {
      WindowMemory memory = new WindowMemory(range, blank, hardware.cpus, hardware::codeWritten);
      hardware.space.add(memory);
      return memory;
    });
  }

  /** Nothing is behind the windows any more. */
  void vanish() {
    windows.values().forEach(BusWindow::vanish);
  }

  /** The option {@code removed=abort} of the node or of a bus above it. */
  private boolean abortsWhenRemoved() {
    for (PlatformNode at = node; at != null; at = hardware.platform.node(at.parent()).orElse(null)) {
      String value = at.options().get(REMOVED_OPTION);
      if (value != null) {
        return value.equals("abort");
      }
      if (at.parent().isEmpty()) {
        return false;
      }
    }
    return false;
  }

  /**
   * Attaches an offer in a machine that is there already; resets the model if it doesn't start from a record.
   *
   * @param succeeds whether it takes over from a model that was there until now, else it comes back
   */
  public void revive(ModelOffer newOffer, boolean succeeds) {
    DeviceOrigin origin = kept == null ? DeviceOrigin.ADDED : succeeds && !left ? DeviceOrigin.HAND_OVER : DeviceOrigin.RETURN;
    attach(newOffer, origin);
    if (!origin.fromRecord()) {
      reset();
    }
  }

  /** Options that the core itself understands at any node. */
  public static List<String> coreOptions() {
    return List.of(REMOVED_OPTION);
  }

  /** The record of a model that isn't there, for the digest. */
  StateRecord record() {
    KeptState state = capture();
    return state == null ? null : state.record();
  }
}
