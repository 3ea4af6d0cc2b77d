// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.OptionName;
import org.xenolith.debug.kit.DebuggerPort;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** The option {@code dap}. */
@Component
public final class DapOption implements LaunchOption {
  static final String OPTION = "dap";
  /** The port of VS Code's own examples of debug servers. */
  static final int PORT = 4711;
  private static final int PLACE = 851;

  @Override
  public OptionDescription description() {
    return OptionDescription.of(OPTION, Form.TEXT, "Debugging", PLACE).value(DebuggerPort.FORM).bareToo().outsideSnapshot().words(
        "Debug Adapter at port",
        "Waits for an editor that debugs, as VS Code does, at this port of this computer alone, or at the address that HOST is (default: "
            + PORT + "; 0 for any that is free), and speaks the Debug Adapter Protocol. The words behind the port are those of "
            + OptionName
                .option("gdb") + ".");
  }

  @Override
  public boolean observes() {
    return true;
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    port(texts.getFirst());
    request.option(OPTION, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    port(texts.getFirst()).check();
  }

  /** What a text of the option says. @throws org.xenolith.command.api.BadInput if it can't be meant */
  static DebuggerPort port(String text) {
    return DebuggerPort.of(OPTION, PORT, text);
  }
}
