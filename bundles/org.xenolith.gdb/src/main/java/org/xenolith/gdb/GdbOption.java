// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.debug.kit.DebuggerPort;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** The option {@code gdb}. */
@Component
public final class GdbOption implements LaunchOption {
  static final String OPTION = "gdb";
  /** The usual port of such servers. */
  static final int PORT = 1234;
  private static final int PLACE = 850;

  @Override
  public OptionDescription description() {
    return OptionDescription.of(OPTION, Form.TEXT, "Debugging", PLACE).value(DebuggerPort.FORM).bareToo().outsideSnapshot()
        .words(
            "Debugger at port",
            "Waits for a debugger, gdb or lldb, at this port of this computer alone, or at the address that HOST is (default: "
                + PORT + "; 0 for any that is free). A debugger halts the machine, for which no time passes then. With '"
                + DebuggerPort.HALTED + "' the machine waits for one before its first instruction; with '" + DebuggerPort.ON_LOSS
                + "' it stays halted when its debugger is gone without a word.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    port(texts.getFirst());
    request.option(OPTION, texts);
  }

  @Override
  public boolean observes() {
    return true;
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
