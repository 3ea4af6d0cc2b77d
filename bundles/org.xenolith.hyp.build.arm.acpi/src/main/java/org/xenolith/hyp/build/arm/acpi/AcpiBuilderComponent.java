// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.BuildersModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.api.ModelException;

/** Offers the builder to hypervisors. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=build.arm.acpi", "xenolith.instructions=a64"})
public final class AcpiBuilderComponent implements DeviceModelFactory {
  private static final String WAYS = "acpi-mmio";
  private static final String TIMER = "acpi-mask-el2-timer";
  private static final String ID = "acpi-hypervisor-id";
  private static final String XENV = "acpi-xenv";
  private static final String HIDDEN = "acpi-hide";
  private static final String STRICT_XEN = "strict-xen";
  private static final String STATUS = "acpi-hide-by-status";
  private static final ModelDescription DESCRIPTION = new ModelDescription("arm.acpi", "Builds the hardware domain with ACPI tables",
      "ACPI 6.5; LINARO-0002 (STAO); LINARO-0003 (XENV); Xen's public header arch-arm.h", List.of(
          new Option(WAYS, Type.STRING, "batch", "When Dom0 by ACPI gets windows of devices: prefault (all that _CRS and MCFG name, when it"
              + " is built), batch (when it asks by memory_op's dev_mmio, else at the first access; as Xen) or trap (at the first access)",
              false),
          new Option(TIMER, Type.BOOLEAN, "false", "GTDT of Dom0 doesn't name the interrupt of EL2's timer", false),
          new Option(ID, Type.BOOLEAN, "false", "FADT of Dom0 names the hypervisor, XenVMM", false),
          new Option(XENV, Type.BOOLEAN, "false", "Dom0 has a table XENV, with the places of grant frames and event interrupt", false),
          new Option(HIDDEN, Type.STRING, "", "Devices that STAO of Dom0 names, paths of the namespace with blanks between them; Linux"
              + " doesn't read the names", false),
          new Option(STATUS, Type.BOOLEAN, "false", "Dom0's DSDT says by _STA that those devices aren't there", false),
          new Option(STRICT_XEN, Type.BOOLEAN, "false", "MADT of Dom0 has no message frames of a GICv2, as Xen's", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    TableVariants variants = new TableVariants(context.options().flag(TIMER), context.options().flag(ID), context.options().flag(XENV),
        hidden(context), context.options().flag(STATUS));
    return new BuildersModel(context, new AcpiDom0Builder(context, BuildPorts.of(context), variants, ways(context), context.options()
        .flag(STRICT_XEN)));
  }

  private static DeviceMappingPolicy ways(DeviceContext context) {
    String text = context.options().text(WAYS);
    return Arrays.stream(DeviceMappingPolicy.values()).filter(each -> name(each).equals(text)).findFirst().orElseThrow(
        () -> new ModelException(
            context.instance() + ": " + WAYS + "=" + text + ": expected one of "
                + Arrays.stream(DeviceMappingPolicy.values()).map(AcpiBuilderComponent::name).collect(Collectors.joining(", "))));
  }

  private static String name(DeviceMappingPolicy ways) {
    return ways.name().toLowerCase(Locale.ROOT);
  }

  /** Full paths, as STAO has them. */
  private static List<String> hidden(DeviceContext context) {
    String text = context.options().text(HIDDEN).strip();
    try {
      return text.isEmpty() ? List.of() : Arrays.stream(text.split("\\s+")).map(AmlName::of).peek(name -> {
        if (!name.root()) {
          throw new IllegalArgumentException("'" + name + "' doesn't begin at the root");
        }
      }).map(AmlName::toString).toList();
    } catch (IllegalArgumentException e) {
      throw new ModelException(context.instance() + ": " + HIDDEN + "=" + text + ": " + e.getMessage()
          + "; expected paths such as \\_SB.COM0");
    }
  }
}
