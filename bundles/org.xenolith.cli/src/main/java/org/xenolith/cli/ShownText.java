// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import org.xenolith.command.api.OptionName;

/**
 * A stream of texts for the user of a command line, in which options that texts name are shown as {@code --name}. They wait while a person
 * types something else at the same terminal, if it is told to.
 */
final class ShownText extends PrintWriter {
  private final PrintStream stream;
  private final HeldOutput held;

  /** Texts to one of the process' streams; each line is written at once. */
  ShownText(PrintStream stream) {
    this(stream, new HeldOutput(stream));
  }

  private ShownText(PrintStream stream, HeldOutput held) {
    super(held, true, stream.charset());
    this.stream = stream;
    this.held = held;
  }

  @Override
  public boolean checkError() {
    return super.checkError() || stream.checkError();
  }

  /** What lets them wait. */
  HeldOutput held() {
    return held;
  }

  @Override
  public void write(String text, int from, int length) {
    String shown = OptionName.onCommandLine(text.substring(from, from + length));
    super.write(shown, 0, shown.length());
  }
}
