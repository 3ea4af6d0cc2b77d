// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.xgene;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers hypervisors the driver for X-Gene v1's PCIe ports. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=pcihost.xgene", "xenolith.instructions=a64"})
public final class XgeneDriverComponent implements DeviceModelFactory {
  static final String FLUSH_SELECTOR = "xgene-flush-selector";
  static final String WORD_READS = "xgene-word-reads";
  static final String ROOT_ALONE = "xgene-root-alone";
  static final String HIDE_ROOT_BARS = "xgene-hide-root-bars";
  static final String HIDE_CRS = "xgene-hide-crs";

  static final ModelDescription DESCRIPTION = new ModelDescription("X-Gene PCIe ports",
      "The hypervisor's driver for PCIe ports of APM X-Gene v1",
      "devicetree binding pci/xgene-pci; register facts of Linux, pci-xgene.c", List.of(
          help(FLUSH_SELECTOR, "The selector is read back before the cycle: it may still be on its way, and is zero without clock"),
          help(WORD_READS, "Configuration is read in words: narrower reads give the lowest bits of the word"),
          help(ROOT_ALONE, "The root port is alone on its bus: it answers for every device there"),
          help(HIDE_ROOT_BARS, "BAR0 and BAR1 of the root port aren't there: they are the bus address of inbound region 1"),
          help(HIDE_CRS, "The root port can't do CRS software visibility: with it, absent devices have the ids 0xFFFF0001")));

  private static Option help(String name, String meaning) {
    return new Option(name, Type.BOOLEAN, "true", meaning, true);
  }

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new XgeneDriver(context);
  }
}
