// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** The option {@code history}. */
@Component
public final class HistoryOption implements LaunchOption {
  static final String NAME = "history";
  private static final int PLACE = 860;
  private static final int USUAL = 512;
  private static final int LEAST = 16;
  private static final int MOST = 1 << 20;
  private static final int MIB = 20;

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Debugging", PLACE).value("MIB").bareToo().outsideSnapshot().words("Past, in MiB",
        "Keeps the machine's past, so that the prompt and debuggers can go back to any moment since the launch: states in memory, of so many MiB at most (default: "
            + USUAL + "), denser towards the present.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    budget(texts.getFirst());
    request.option(NAME, texts);
  }

  /** Bytes that may be kept. */
  static long budget(String text) {
    if (text.isEmpty() || text.equals(ON)) {
      return (long) USUAL << MIB;
    }
    if (text.matches("[0-9]{1,7}") && Integer.parseInt(text) >= LEAST && Integer.parseInt(text) <= MOST) {
      return Long.parseLong(text) << MIB;
    }
    throw BadInput.at(NAME, text, "expected MiB from " + LEAST + " to " + MOST);
  }
}
