// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** The option {@code gdb}. */
@Component
public final class GdbOption implements LaunchOption {
  private static final int PLACE = 850;

  @Override
  public OptionDescription description() {
    return OptionDescription.of(GdbSettings.OPTION, Form.TEXT, "Debugging", PLACE).value(GdbSettings.FORM).bareToo().outsideSnapshot()
        .words(
            "Debugger at port",
            "Waits for a debugger, gdb or lldb, at this port of this computer alone, or at the address that HOST is (default: "
                + GdbSettings.PORT + "; 0 for any that is free). A debugger halts the machine, for which no time passes then. With '"
                + GdbSettings.HALTED + "' the machine waits for one before its first instruction; with '" + GdbSettings.ON_LOSS
                + "' it stays halted when its debugger is gone without a word.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    GdbSettings.of(texts.getFirst());
    request.option(GdbSettings.OPTION, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    try {
      listen(texts.getFirst()).close();
    } catch (IOException e) {
      // It was there, and isn't any more: nobody is in its way.
    }
  }

  /** @throws BadInput if it can't be: who has the port, and another one is the remedy */
  static ServerSocket listen(String text) {
    InetSocketAddress address = GdbSettings.of(text).address();
    try {
      ServerSocket server = new ServerSocket();
      try {
        server.bind(address);
      } catch (IOException e) {
        server.close();
        throw e;
      }
      return server;
    } catch (IOException e) {
      throw BadInput.at(GdbSettings.OPTION, text, "nobody can be waited for at " + address.getAddress().getHostAddress() + ", port "
          + address
              .getPort() + " (" + HostReason.of(e).text() + "); choose another port, or " + option(GdbSettings.OPTION)
          + " 0 for any that is free");
    }
  }
}
