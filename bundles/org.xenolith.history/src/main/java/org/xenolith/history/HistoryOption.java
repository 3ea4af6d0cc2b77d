// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final int USUAL_MILLIONS = 150;
  private static final long MILLION = 1_000_000;
  private static final Pattern FORM = Pattern.compile("([0-9]{1,7})(?:,every=([0-9]{1,5}))?");

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Debugging", PLACE).value("MIB[,every=MILLIONS]").bareToo().outsideSnapshot().words(
        "Past, in MiB",
        "Keeps the machine's past, so that the prompt and debuggers can go back to any moment since the launch: states in memory, of so many MiB at most (default: "
            + USUAL + "), denser towards the present; one each so many millions of instructions (default: " + USUAL_MILLIONS
            + "), of which fewer are quicker to go to, and slow the machine down.");
  }

  @Override
  public boolean observes() {
    return true;
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    settings(texts.getFirst());
    request.option(NAME, texts);
  }

  /**
   * What it says.
   *
   * @param budget   bytes that may be kept
   * @param interval instructions from one state to the next
   */
  record Settings(long budget, long interval) {
    /** The option's text that says it. */
    String text() {
      return (budget >> MIB) + ",every=" + interval / MILLION;
    }
  }

  static Settings settings(String text) {
    if (text.isEmpty() || text.equals(ON)) {
      return new Settings((long) USUAL << MIB, USUAL_MILLIONS * MILLION);
    }
    Matcher said = FORM.matcher(text);
    if (said.matches()) {
      int budget = Integer.parseInt(said.group(1));
      int millions = said.group(2) == null ? USUAL_MILLIONS : Integer.parseInt(said.group(2));
      if (budget >= LEAST && budget <= MOST && millions >= 1) {
        return new Settings((long) budget << MIB, millions * MILLION);
      }
    }
    throw BadInput.at(NAME, text, "expected MiB from " + LEAST + " to " + MOST
        + ", and after a comma perhaps every=MILLIONS from 1 to 99999");
  }
}
