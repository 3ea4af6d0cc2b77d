// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ramfb;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.platform.api.PlatformNode;

/** Gives a machine the display, at its fw_cfg, which boards that are made to measure are asked for. */
@Component(service = {LaunchShaper.class, LaunchOption.class}, property = "service.ranking:Integer=-40")
public final class RamfbOption implements LaunchShaper, LaunchOption {
  static final String NAME = "display";
  private static final String KIND = "ramfb";
  private static final String FW_CFG = "qemu,fw-cfg-mmio";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.CHOICE, "Disks and cards", 328).value("KIND").words("Display",
        "A display: ramfb, whose frame buffer is in the guest's memory, for firmware and what it starts. 'screen' at the monitor prompt"
            + " shows what is on it.");
  }

  @Override
  public List<String> candidates() {
    return List.of(KIND);
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    if (!texts.getFirst().equals(KIND)) {
      throw BadInput.at(NAME, texts.getFirst(), "there is " + KIND);
    }
    request.option(NAME, texts);
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return request.option(NAME).contains(KIND);
  }

  @Override
  public Map<String, String> boardOptions(LaunchRequest request) {
    return Map.of("fw-cfg", "on");
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    FdtNode node = tree.root().children().stream().filter(RamfbOption::isFwCfg).findFirst().orElseThrow(() -> new BadInput(option(NAME)
        + " "
        + KIND + ": the board has no fw_cfg at which it could be, a node that is compatible with " + FW_CFG
        + " and enabled; virt has one, unless it is told " + option("option") + " fw-cfg=off"));
    if (node.has(PlatformNode.FUNCTION)) {
      throw new BadInput(option(NAME) + " " + KIND + ": the board's fw_cfg has another use already");
    }
    return tree.edit("/" + node.name(), each -> each.withProperty(FdtProperty.ofStrings(PlatformNode.FUNCTION,
        RamfbComponent.FUNCTION)));
  }

  private static boolean isFwCfg(FdtNode node) {
    String status = node.property("status").map(FdtProperty::string).orElse("okay");
    return (status.equals("okay") || status.equals("ok")) && node.property("compatible").map(names -> names.strings().contains(FW_CFG))
        .orElse(false);
  }
}
