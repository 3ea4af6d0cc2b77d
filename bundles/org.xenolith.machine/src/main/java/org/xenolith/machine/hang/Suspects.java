// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.offers.Provider;
import org.xenolith.machine.places.DeviceSlot;

/** Says from a stack whose code it is that one of the machine's calls is in. */
public final class Suspects {
  private final CodeOwners owners;
  private final Offers offers;

  public Suspects(CodeOwners owners, Offers offers) {
    this.owners = owners;
    this.offers = offers;
  }

  /**
   * Who it is.
   *
   * @param slot     the device; null if the bundle serves none in the machine, or several of which nobody knows which
   * @param provider the bundle
   * @param engine   whether it serves CPUs
   * @param callers  whether other providers, besides CPU engines, are on the stack
   */
  record Suspect(DeviceSlot slot, Provider provider, boolean engine, boolean callers) {}

  /**
   * The innermost provider on a stack.
   *
   * @param stack    innermost frame first
   * @param hardware the machine that it is about; null for none
   * @return null if the code is nobody's, or was called from a provider and is an application's
   */
  Suspect of(StackTraceElement[] stack, Hardware hardware) {
    Map<String, CodeOwners.Owner> known = new HashMap<>();
    Provider first = null;
    Set<String> models = new LinkedHashSet<>();
    for (StackTraceElement frame : stack) {
      CodeOwners.Owner owner = known.computeIfAbsent(frame.getClassName(), owners::of);
      if (owner.bundle().isEmpty()) {
        continue;
      }
      Provider provider = offers.provider(owner.bundle());
      if (provider == null) {
        if (first == null && owner.application()) {
          return null;
        }
        continue;
      }
      first = first == null ? provider : first;
      if (!offers.engineOf(owner.bundle())) {
        models.add(owner.bundle());
      }
    }
    if (first == null) {
      return null;
    }
    boolean engine = offers.engineOf(first.bundle());
    return new Suspect(engine || hardware == null ? null : slot(first.bundle(), hardware), first, engine, models.size() > 1);
  }

  private static DeviceSlot slot(String bundle, Hardware hardware) {
    List<DeviceSlot> served = List.copyOf(hardware.slots).stream()
        .filter(slot -> slot.serves(bundle)).toList();
    if (served.size() == 1) {
      return served.getFirst();
    }
    String entered = hardware.entered.device;
    return served.stream().filter(slot -> slot.instance().equals(entered)).findFirst().orElse(null);
  }
}
