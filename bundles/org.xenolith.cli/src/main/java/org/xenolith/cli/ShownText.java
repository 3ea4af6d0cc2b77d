// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import org.xenolith.command.api.OptionName;

/** A stream of texts for the user of a command line, in which options that texts name are shown as {@code --name}. */
final class ShownText extends PrintWriter {
  /** Texts to one of the process' streams; each line is written at once. */
  ShownText(PrintStream stream) {
    super(stream, true, stream.charset());
  }

  @Override
  public void write(String text, int from, int length) {
    String shown = OptionName.onCommandLine(text.substring(from, from + length));
    super.write(shown, 0, shown.length());
  }
}
