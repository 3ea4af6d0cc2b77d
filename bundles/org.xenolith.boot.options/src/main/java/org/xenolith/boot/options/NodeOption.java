// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.options;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.source.DtsReader;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.machine.control.Machine;

/**
 * Adds nodes to a board's tree, or changes those that it has: devicetree source that is laid over it, before any other bundle has its say,
 * so that what is added can be what another option is about.
 */
@Component(service = {LaunchShaper.class, LaunchOption.class}, property = "service.ranking:Integer=1000")
public final class NodeOption implements LaunchShaper, LaunchOption {
  static final String NAME = "node";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Machine", 155).value("FILE.dtsi").repeated().words("More nodes",
        "Device tree source that is laid over the board's tree: nodes to add below / { … } or &{/path} { … }, or to change. May be repeated.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    request.option(NAME, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    texts.forEach(text -> FileOption.requireFile(NAME, Path.of(text), InputFile.WRITTEN));
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return !request.option(NAME).isEmpty();
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    Fdt shaped = tree;
    for (String text : request.option(NAME)) {
      shaped = laid(text, shaped);
    }
    return shaped;
  }

  private static Fdt laid(String text, Fdt over) {
    Path file = Path.of(text);
    try {
      return DtsReader.lay(file, InputFile.read(file, InputFile.WRITTEN), over);
    } catch (FdtException e) {
      throw BadInput.at(NAME, text, e.getMessage());
    } catch (IOException e) {
      throw BadInput.of(option(NAME), file, e);
    }
  }
}
