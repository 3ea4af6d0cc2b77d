// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers X-Gene v1's PCIe ports to machines. */
@Component(service = DeviceModelFactory.class,
    property = {"xenolith.compatible=apm,xgene-pcie", "xenolith.compatible=apm,xgene-storm-pcie",
        "xenolith.compatible=xenolith,xgene-pcie"})
public final class XgeneHostComponent implements DeviceModelFactory {
  static final String CLOCK_GATE = "clock-gate";
  static final String TARGET_REGISTER = "target-register";
  static final String WORD_CONFIG_READS = "word-config-reads";
  static final String CONFIG_ENABLE = "config-enable";
  static final String CRS_INVENTS_DEVICES = "crs-invents-devices";
  static final String ROOT_BARS = "root-bars";
  static final String OUTBOUND_MAP = "outbound-map";
  static final String OUTBOUND_MINIMUM = "outbound-minimum";
  static final String INBOUND_MAP = "inbound-map";
  static final String LANES = "lanes";
  static final String GENERATION = "generation";

  static final ModelDescription DESCRIPTION = new ModelDescription("xgene-pcie", "PCIe port of APM X-Gene v1 with its root port",
      "devicetree binding pci/xgene-pci; register facts of Linux, pci-xgene.c", List.of(
          new Option(LANES, Type.INTEGER, "8", "Lanes of the link: 1, 2, 4 or 8", false),
          new Option(GENERATION, Type.INTEGER, "3", "Rate of the link: 1 (2.5 GT/s), 2 (5 GT/s) or 3 (8 GT/s)", false),
          quirk(CLOCK_GATE, "Without its clock the port's registers read zero, writes are lost and nothing passes"),
          quirk(TARGET_REGISTER, "The configuration window shows the root port and the one function that RTDID names; it is no ECAM"),
          quirk(WORD_CONFIG_READS, "A configuration read of 8 or 16 bits gives the lowest bits of the word it is in"),
          quirk(CONFIG_ENABLE, "Configuration cycles fail until CFGBAR names the window and CFGCTL opens it"),
          quirk(CRS_INVENTS_DEVICES, "With CRS software visibility, the ids of an absent device read 0xFFFF0001"),
          quirk(ROOT_BARS, "BAR0 and BAR1 of the root port are the bus address of inbound region 1"),
          quirk(OUTBOUND_MAP, "CPUs reach the bus only through the outbound windows OMR1 to OMR3, not by the node's ranges"),
          quirk(OUTBOUND_MINIMUM, "Outbound windows of memory decode no address bits below 128 MiB, those of I/O none below 128 bytes"),
          quirk(INBOUND_MAP, "Devices reach memory only through the three inbound regions")));

  private static Option quirk(String name, String meaning) {
    return new Option(name, Type.BOOLEAN, "true", meaning, true);
  }

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new XgeneHost(context);
  }
}
