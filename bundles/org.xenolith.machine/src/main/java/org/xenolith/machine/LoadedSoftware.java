// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.places.DeviceSlot;
import org.xenolith.machine.places.SubsystemPlaces;
import org.xenolith.machine.snapshot.Snapshot;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.LongCell;

/**
 * Software that the machine itself consists of, a hypervisor say, and that isn't there from power-on: its node has the property {@code
 * xenolith,deferred}, and it waits until something in the machine, as a boot loader, has it loaded. A reset of the machine ends it.
 */
public final class LoadedSoftware {
  /** The property of nodes whose software waits. */
  static final String DEFERRED = "xenolith,deferred";

  private final Hardware hardware;
  /** By the paths of the nodes whose software may wait: whether it is loaded. */
  private final Map<String, LongCell> loaded = new LinkedHashMap<>();

  LoadedSoftware(Hardware hardware) {
    this.hardware = hardware;
    for (PlatformNode node : hardware.platform.nodes()) {
      if (SubsystemPlaces.isSoftware(node) && node.has(DEFERRED)) {
        loaded.put(node.path(), hardware.state.cell("software-loaded " + node.path(), 0));
      }
    }
  }

  /** Whether a place is one of software that isn't loaded: then nothing serves it. */
  public boolean waits(DeviceSlot slot) {
    LongCell here = loaded.get(slot.node().path());
    return here != null && here.value == 0;
  }

  /** Whether software at that node may wait, or wait again. */
  boolean mayWait(String path) {
    return loaded.containsKey(path);
  }

  private List<DeviceSlot> places(String path) {
    return hardware.slots.stream().filter(slot -> slot.node().path().equals(path)).toList();
  }

  /** Takes out what waits, once it was seen that it can be made. */
  void withhold() {
    hardware.slots.reversed().stream().filter(this::waits).forEach(DeviceSlot::withhold);
    unloaded();
  }

  /** The machine is reset: all that was loaded is gone. Its CPUs must be off. */
  public void forget() {
    loaded.values().forEach(cell -> cell.value = 0);
    withhold();
  }

  /** What stood for a part of the CPUs doesn't any more. */
  private void unloaded() {
    if (!loaded.isEmpty()) {
      hardware.cpus.forEach(Processor::softwareUnloaded);
    }
  }

  /**
   * Makes the models of software that waits; they still have to be reset or restored.
   *
   * @return the places
   * @throws IllegalStateException if it doesn't wait, or a CPU is on
   */
  List<DeviceSlot> load(String path, Offers offers) {
    LongCell here = loaded.get(path);
    if (here == null || here.value != 0) {
      throw new IllegalStateException(path + ": " + (here == null ? "there is no software that waits" : "it is loaded already"));
    }
    hardware.cpus.forEach(cpu -> {
      if (cpu.powered()) {
        throw new IllegalStateException(path + ": cpu" + cpu.index() + " is on; software takes over from CPUs that are off");
      }
    });
    here.value = 1;
    new SubsystemPlaces(hardware).add(offers);
    List<DeviceSlot> places = places(path);
    places.forEach(slot -> attach(slot, offers));
    return places;
  }

  private static void attach(DeviceSlot slot, Offers offers) {
    ModelOffer offer = null;
    do {
      try {
        offer = null;
        offer = slot.bestOffer(offers);
        if (offer != null) {
          slot.attach(offer, DeviceOrigin.SOFTWARE_LOADED);
        }
      } catch (RamExhausted notTheDevices) {
        throw notTheDevices;
      } catch (Throwable bug) {
        slot.refuse(offer, bug, offers);
      }
    } while (offer != null && !slot.present());
  }

  /** Brings what is loaded in line with a snapshot that is about to be restored. The CPUs' state is lost. */
  void follow(Snapshot snapshot, Offers offers) {
    for (String path : loaded.keySet()) {
      boolean wanted = snapshot.providers().keySet().stream().anyMatch(instance -> instance.equals(path) || instance.startsWith(path
          + ':'));
      boolean here = loaded.get(path).value != 0;
      if (wanted != here) {
        hardware.cpus.forEach(cpu -> cpu.reset());
        if (wanted) {
          // As when a machine is put together, so that a snapshot's record never meets a model that wasn't reset.
          load(path, offers).forEach(DeviceSlot::reset);
        } else {
          loaded.get(path).value = 0;
          withhold();
        }
      }
    }
  }
}
