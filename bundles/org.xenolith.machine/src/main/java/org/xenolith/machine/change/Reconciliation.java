// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.journal.JournalEntry.Operation;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.offers.Provider;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.machine.processors.CpuTurn;

/**
 * Brings one machine in line with what is offered now: what is no longer offered is gone like hardware pulled out, what is
 * offered for an empty place is put in. Done while the machine stands still.
 */
public final class Reconciliation {
  private final Hardware hardware;
  private final Offers offers;
  private final String engine;
  private final List<Step> steps = new ArrayList<>();

  /** @param engine name of the engine that the machine was built with, or empty for any */
  public Reconciliation(Hardware hardware, Offers offers, String engine) {
    this.hardware = hardware;
    this.offers = offers;
    this.engine = engine;
  }

  /** What became of one device or CPU. */
  public record Step(Operation operation, Provider provider) {}

  /** Does it; returns what changed, one step for each device or CPU. */
  public List<Step> run() {
    for (DeviceSlot slot : hardware.slots) {
      if (slot.offer() != null && !offers.holds(slot.offer())) {
        hardware.events.report("model-removed", slot.instance(), slot.offer().provider().toString());
        steps.add(new Step(Operation.WITHDRAW, slot.offer().provider()));
        slot.detach();
      }
    }
    new SubsystemPlaces(hardware).add(offers);
    for (DeviceSlot slot : List.copyOf(hardware.slots)) {
      if (slot.offer() == null && !hardware.software.waits(slot)) {
        revive(slot);
      }
    }
    hardware.turns.forEach(this::engine);
    return steps;
  }

  private void revive(DeviceSlot slot) {
    ModelOffer offer = null;
    do {
      try {
        offer = null;
        offer = slot.bestOffer(offers);
        if (offer == null) {
          return;
        }
        slot.revive(offer, false);
      } catch (Throwable e) {
        slot.refuse(offer, e.getMessage(), offers);
        if (offer == null) {
          return;
        }
      }
    } while (!slot.present());
    hardware.events.report("model-added", slot.instance(), offer.provider().toString());
    steps.add(new Step(Operation.OFFER, offer.provider()));
  }

  private void engine(CpuTurn turn) {
    String place = "cpu " + turn.cpu().index();
    if (turn.offer() != null && !offers.holds(turn.offer())) {
      hardware.events.report("engine-removed", place, turn.offer().provider().toString());
      steps.add(new Step(Operation.WITHDRAW, turn.offer().provider()));
      turn.uninstall();
    }
    if (turn.offer() == null && offers.hasEngine(engine, turn.cpu().instructions())) {
      try {
        turn.install(offers.engine(engine, turn.cpu().instructions()));
      } catch (Throwable e) {
        hardware.events.report("engine-refused", place, e.toString());
        return;
      }
      hardware.events.report("engine-added", place, turn.offer().provider().toString());
      steps.add(new Step(Operation.OFFER, turn.offer().provider()));
    }
  }
}
