package org.xenolith.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.xenolith.machine.DeviceSlot.Role;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.platform.api.PlatformNode;

/** Puts a machine together from a platform and what is offered. */
final class Assembly {
  private final Offers offers;
  private final JournalReplay.BundleReplay bundles;
  private final Consumer<CoreMachine> onClose;

  /** For machines whose bundles, if there are any, nobody changes. */
  Assembly(Offers offers) {
    this(offers, (change, journal) -> {
      throw new IOException(change.line() + ": bundles can't be changed here");
    }, machine -> { });
  }

  /**
   * @param bundles does to bundles what a replayed journal says
   * @param onClose told when a machine is closed
   */
  Assembly(Offers offers, JournalReplay.BundleReplay bundles, Consumer<CoreMachine> onClose) {
    this.offers = offers;
    this.bundles = bundles;
    this.onClose = onClose;
  }

  /**
   * Builds a machine, powered off, devices reset.
   *
   * @throws ModelException if a model refuses its node, an option is unknown or no engine is installed
   */
  CoreMachine build(MachineRequest request) {
    if (request.platform().cpus().isEmpty()) {
      throw new ModelException(request.platform().name() + ": expected at least one node with device_type = \"cpu\"");
    }
    Hardware hardware = new Hardware(request.platform());
    EngineOffer engine = offers.engine(request.engine());
    places(hardware, request.functions());
    hardware.cpus.forEach(cpu -> cpu.reset());
    hardware.processors.forEach(processor -> processor.install(engine));
    for (DeviceSlot slot : hardware.slots) {
      ModelOffer offer = slot.bestOffer(offers);
      if (offer != null) {
        slot.attach(offer);
      }
    }
    checkOptions(hardware);
    hardware.slots.forEach(DeviceSlot::reset);
    return new CoreMachine(hardware, offers, request, bundles, onClose);
  }

  private void places(Hardware hardware, Map<String, String> functions) {
    for (String path : functions.keySet()) {
      PlatformNode node = hardware.platform.node(path)
          .orElseThrow(() -> new ModelException(path + ": no such node to plug " + functions.get(path) + " into"));
      if (!node.enabled()) {
        throw new ModelException(path + ": disabled, so that " + functions.get(path) + " can't be plugged into it");
      }
      if (offers.forFunction(functions.get(path)) == null) {
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
    new SubsystemPlaces(hardware).add(offers.subsystems());
  }

  private static void add(Hardware hardware, PlatformNode node, Role role, String key) {
    hardware.slots.add(new DeviceSlot(hardware, node, role, key, hardware.slots.size()));
  }

  /** A mistyped option must not be lost in silence; nodes without a model keep theirs for a model to come. */
  private static void checkOptions(Hardware hardware) {
    for (PlatformNode node : hardware.platform.nodes()) {
      List<DeviceSlot> here = hardware.slots.stream().filter(s -> s.node() == node && s.present()).toList();
      if (here.isEmpty() || CpuNode.is(node)) {
        continue;
      }
      List<String> known = new ArrayList<>(DeviceSlot.coreOptions());
      here.forEach(slot -> slot.offer().factory().description().options().stream()
          .map(ModelDescription.Option::name).forEach(known::add));
      TreeSet<String> unknown = new TreeSet<>(node.options().keySet());
      known.forEach(unknown::remove);
      if (!unknown.isEmpty()) {
        throw new ModelException(node.path() + ": no option " + unknown + "; there are " + new TreeSet<>(known));
      }
    }
  }
}
