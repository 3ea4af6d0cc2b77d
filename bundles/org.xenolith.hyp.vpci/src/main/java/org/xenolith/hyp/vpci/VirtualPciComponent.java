// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.api.ModelException;

/** Offers virtual PCI to machines whose hardware domain has the host bridges' windows mapped when it is built, and whose messages go to controllers that domains see. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vpci", "xenolith.instructions=a64"})
public final class VirtualPciComponent implements DeviceModelFactory {
  private static final String ACCESS = "config-access";
  private static final String HIDE = "hide";
  private static final String MMIO = "mmio";
  private static final ModelDescription DESCRIPTION = description("ahead");

  /** @param mmio when the hardware domain gets BARs mapped unless something is said */
  static ModelDescription description(String mmio) {
    return new ModelDescription("vpci", "Configuration space, BARs and messages of PCI functions as domains see them",
        "PCI Express Base Specification 5.0, 7.5 and 7.7; Xen public header arch-arm.h", List.of(
            new Option(ACCESS, Type.STRING, "trap", "The hardware domain's access to configuration space: free (it has the "
                + "windows mapped), protect-bars (trapped, and BARs of a registered function stay where they are from when its memory "
                + "decoder was on first) or trap", false),
            new Option(HIDE, Type.STRING, "absent", "What the hardware domain finds where a function is another domain's: absent "
                + "(all-ones) or visible (ids, class and header type, the rest zero)", false),
            new Option(MMIO, Type.STRING, mmio, "When the hardware domain gets BARs mapped: ahead (with the bridge's windows), "
                + "decode (when a function's memory decoder turns on), fault (at the first access after that) or hypercall (when it asks, "
                + "by memory_op's dev_mmio)", false)));
  }

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtualPciModel(context, policy(context, false));
  }

  /** @param translated whether messages of the hardware domain's functions become ones of the machine's */
  static Policy policy(DeviceContext context, boolean translated) {
    Policy policy = new Policy(choice(context, ACCESS, Policy.ConfigAccess.class), choice(context, HIDE, Policy.Hide.class),
        choice(context, MMIO, Policy.Mmio.class), translated);
    if (policy.access() == Policy.ConfigAccess.FREE && policy.mmio() != Policy.Mmio.AHEAD) {
      throw new ModelException(context.instance() + ": " + MMIO + "=" + context.options().text(MMIO) + " with " + ACCESS
          + "=free: nobody sees when a decoder turns on; set " + ACCESS + "=trap or " + MMIO + "=ahead");
    }
    return policy;
  }

  private static <E extends Enum<E>> E choice(DeviceContext context, String option, Class<E> type) {
    String text = context.options().text(option);
    StringBuilder known = new StringBuilder();
    for (E value : type.getEnumConstants()) {
      String name = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(text)) {
        return value;
      }
      known.append(known.isEmpty() ? "" : ", ").append(name);
    }
    throw new ModelException(context.instance() + ": " + option + "=" + text + ": expected one of " + known);
  }
}
