// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.KeptState;
import org.xenolith.machine.processors.CpuTurn;

/**
 * The part of one machine in the replacement of one bundle: what the bundle serves is taken out with its state, and put back
 * with whatever serves it then. The machine stands still meanwhile.
 */
public final class Handover {
  private final Hardware hardware;
  private final Offers offers;
  private final String bundle;
  private final List<DeviceSlot> slots = new ArrayList<>();
  private final List<CpuTurn> turns = new ArrayList<>();
  /** Of those that had a model: what undoes its claims on ports if no model follows. */
  private final Map<DeviceSlot, Runnable> disposals = new LinkedHashMap<>();
  /** Those that had a model when everything was taken out. */
  private final Set<DeviceSlot> occupied = new HashSet<>();
  private final Map<DeviceSlot, KeptState> before = new LinkedHashMap<>();
  private String engine = "";

  public Handover(Hardware hardware, Offers offers, String bundle) {
    this.hardware = hardware;
    this.offers = offers;
    this.bundle = bundle;
    hardware.slots.stream().filter(s -> s.offer() != null && s.offer().provider().bundle().equals(bundle)).forEach(slots::add);
    hardware.turns.stream().filter(p -> p.offer() != null && p.offer().provider().bundle().equals(bundle))
        .forEach(turns::add);
  }

  /** Devices and CPUs that the bundle serves. */
  public int size() {
    return slots.size() + turns.size();
  }

  /** Notes the state of everything; nothing is changed yet, so that a model which can't give its state stays. */
  public void capture() {
    slots.forEach(slot -> before.put(slot, slot.capture()));
  }

  /** Takes everything out, after {@link #capture}. */
  public void takeOut() {
    hardware.fabric.hold();
    slots.stream().filter(DeviceSlot::present).forEach(occupied::add);
    slots.forEach(slot -> disposals.put(slot, slot.suspend(before.get(slot))));
    for (CpuTurn turn : turns) {
      engine = turn.offer().name();
      turn.uninstall();
    }
  }

  /** Whether what was taken out can be served by the bundle as it is now. */
  public boolean served() {
    return slots.stream().allMatch(slot -> mine(slot.bestOffer(offers)))
        && (turns.isEmpty() || offers.holdsEngine(engine, bundle));
  }

  private boolean mine(ModelOffer offer) {
    return offer != null && offer.provider().bundle().equals(bundle);
  }

  /**
   * Puts everything back, served by what the bundle offers now. May be called again after a failure.
   *
   * @throws ModelException if something isn't offered or a model refuses or throws; the message says why
   */
  public void putBack() {
    undo();
    for (DeviceSlot slot : slots) {
      ModelOffer offer = slot.bestOffer(offers);
      if (!mine(offer)) {
        throw new ModelException(slot.instance() + ": " + bundle + " doesn't serve it any more");
      }
      long failures = hardware.events.count("model-failed");
      slot.revive(offer, occupied.contains(slot));
      if (!slot.present() || hardware.events.count("model-failed") != failures) {
        throw new ModelException(slot.instance() + ": the model of " + offer.provider() + " threw while it took over");
      }
    }
    for (CpuTurn turn : turns) {
      turn.install(offers.engine(engine, turn.cpu().instructions()));
    }
  }

  /** Takes out what an earlier attempt put in. */
  private void undo() {
    for (DeviceSlot slot : slots) {
      Runnable disposal = slot.suspend(before.get(slot));
      if (disposal != null) {
        disposals.put(slot, disposal);
      }
    }
    turns.forEach(CpuTurn::uninstall);
  }

  /** The change is over: levels are delivered, and what nobody took over is gone. */
  public void finish() {
    for (DeviceSlot slot : slots) {
      if (!slot.present() && disposals.get(slot) != null) {
        disposals.get(slot).run();
      }
    }
    hardware.fabric.release();
  }
}
