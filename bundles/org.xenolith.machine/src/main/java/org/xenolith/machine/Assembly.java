// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.machine.hang.Watchdog;
import org.xenolith.machine.journal.JournalReplay;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.DeviceSlot.Role;
import org.xenolith.machine.places.NodeOptions;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.machine.processors.CpuNode;
import org.xenolith.platform.api.PlatformNode;

/** Puts a machine together from a platform and what is offered. */
public final class Assembly {
  private final Offers offers;
  private final JournalReplay.BundleReplay bundles;
  private final Consumer<CoreMachine> onClose;
  private final Watchdog watchdog;

  /** For machines whose bundles, if there are any, nobody changes. */
  Assembly(Offers offers) {
    this(offers, (change, journal) -> {
      throw new IOException(change.line() + ": bundles can't be changed here");
    }, machine -> {}, new Watchdog(null));
  }

  /**
   * @param bundles does to bundles what a replayed journal says
   * @param onClose told when a machine is closed
   * @param watchdog looks whether models come back
   */
  public Assembly(Offers offers, JournalReplay.BundleReplay bundles, Consumer<CoreMachine> onClose, Watchdog watchdog) {
    this.offers = offers;
    this.bundles = bundles;
    this.onClose = onClose;
    this.watchdog = watchdog;
  }

  /** Builds a machine that nobody hears. */
  CoreMachine build(MachineRequest request) {
    return build(request, (kind, place, text) -> {});
  }

  /**
   * Builds a machine, powered off, devices reset. A model that breaks has no place in it, as when it is plugged in later.
   *
   * @param listener hears of that, and of what comes later
   * @throws ModelException if a model refuses its node, an option is unknown or no engine is installed
   */
  public CoreMachine build(MachineRequest request, EventLog listener) {
    if (request.platform().cpus().isEmpty()) {
      throw new ModelException(request.platform().name() + ": expected at least one node with device_type = \"cpu\"");
    }
    Hardware hardware = new Hardware(request.platform(), watchdog.throwers(), offers);
    hardware.events.listener(listener);
    try (Watchdog.Watch watch = watchdog.section("making the machine", () -> List.of(hardware))) {
      assemble(hardware, request);
    }
    return new CoreMachine(hardware, offers, request, bundles, onClose, watchdog);
  }

  private void assemble(Hardware hardware, MachineRequest request) {
    places(hardware, request.functions());
    hardware.cpus.forEach(cpu -> cpu.reset());
    hardware.turns.forEach(turn -> turn.install(offers.engine(request.engine(), turn.cpu().instructions())));
    for (DeviceSlot slot : hardware.slots) {
      for (ModelOffer offer = slot.bestOffer(offers); offer != null && !slot.present(); offer = slot.bestOffer(offers)) {
        attach(slot, offer);
      }
    }
    checkOptions(hardware);
    offers.tellIdle(hardware.events, hardware.toldIdle);
    hardware.software.withhold();
    hardware.slots.forEach(DeviceSlot::reset);
  }

  /** What a model says of its node is the user's to mend; what else it throws costs it its place, which the next one has that serves it. */
  private void attach(DeviceSlot slot, ModelOffer offer) {
    try {
      slot.attach(offer, DeviceOrigin.POWER_ON);
    } catch (ModelException | RamExhausted refused) {
      throw refused;
    } catch (Throwable bug) {
      slot.refuse(offer, bug, offers);
    }
  }

  private void places(Hardware hardware, Map<String, String> functions) {
    for (String path : functions.keySet()) {
      PlatformNode node = hardware.platform.node(path)
          .orElseThrow(() -> new ModelException(path + ": no such node to plug " + functions.get(path) + " into"));
      if (!node.enabled()) {
        throw new ModelException(path + ": disabled, so that " + functions.get(path) + " can't be plugged into it");
      }
      if (offers.forFunction(functions.get(path), hardware.bootCpu().instructions()) == null) {
        throw new ModelException(path + ": no bundle serves the function " + functions.get(path) + "; install one");
      }
    }
    for (PlatformNode node : hardware.platform.nodes()) {
      if (CpuNode.is(node)) {
        if (!CpuNode.enableMethod(node).isEmpty()) {
          add(hardware, node, Role.CPU, CpuNode.enableMethod(node));
        }
      } else if (node.enabled() && !node.compatible().isEmpty()) {
        add(hardware, node, Role.NODE, "");
      }
      if (functions.containsKey(node.path())) {
        add(hardware, node, Role.FUNCTION, functions.get(node.path()));
      }
    }
    new SubsystemPlaces(hardware).add(offers);
  }

  private static void add(Hardware hardware, PlatformNode node, Role role, String key) {
    hardware.slots.add(new DeviceSlot(hardware, node, role, key, hardware.slots.size()));
  }

  /** Nodes without a model keep their options for a model to come. */
  private static void checkOptions(Hardware hardware) {
    for (PlatformNode node : hardware.platform.nodes()) {
      List<DeviceSlot> here = hardware.slots.stream().filter(s -> s.node() == node && s.present()).toList();
      if (here.isEmpty() || CpuNode.is(node)) {
        continue;
      }
      List<String> known = new ArrayList<>(DeviceSlot.coreOptions());
      here.forEach(slot -> slot.description().options().stream()
          .map(ModelDescription.Option::name).forEach(known::add));
      NodeOptions.check(node, known);
    }
  }
}
