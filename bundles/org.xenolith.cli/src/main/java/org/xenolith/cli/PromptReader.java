// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;

/** Reads lines of the prompt at a terminal: words are split at blanks and mean themselves, as no shell is behind them. */
final class PromptReader {
  private PromptReader() {}

  static LineReader of(Terminal terminal, Completer words) {
    DefaultParser parser = new DefaultParser();
    parser.setEscapeChars(null);
    parser.setQuoteChars(new char[0]);
    return LineReaderBuilder.builder().terminal(terminal).completer(words).parser(parser).option(LineReader.Option.DISABLE_EVENT_EXPANSION,
        true).option(LineReader.Option.BRACKETED_PASTE, false).build();
  }
}
