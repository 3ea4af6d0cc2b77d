// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guide's fenced blocks, in order. A block is a shell script ({@code sh}), what the script before it prints
 * ({@code output}), or a file, whose name stands alone in backquotes on the line above.
 */
record Guide(List<Block> blocks) {
  private static final String FENCE = "```";
  private static final Pattern FILE_NAME = Pattern.compile("`([^` ]+)`");

  /** What a block is for. */
  enum Kind { FILE, SCRIPT, OUTPUT }

  /**
   * One block.
   *
   * @param kind what it is for
   * @param line where it begins in the guide, for messages
   * @param name the file's name, empty for others
   * @param text what is between the fences
   */
  record Block(Kind kind, int line, String name, String text) {}

  static Guide read(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  static Guide parse(List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    String above = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.startsWith(FENCE)) {
        above = line.isBlank() ? above : line;
        continue;
      }
      int begin = i;
      StringBuilder text = new StringBuilder();
      for (i++; i < lines.size() && !lines.get(i).equals(FENCE); i++) {
        text.append(lines.get(i)).append('\n');
      }
      if (i == lines.size()) {
        throw new IllegalArgumentException("line " + (begin + 1) + ": the block has no end");
      }
      blocks.add(block(line.substring(FENCE.length()), begin + 1, above, text.toString()));
      above = "";
    }
    return new Guide(blocks);
  }

  private static Block block(String language, int line, String above, String text) {
    Matcher name = FILE_NAME.matcher(above);
    if (name.matches()) {
      return new Block(Kind.FILE, line, name.group(1), text);
    }
    return switch (language) {
      case "sh" -> new Block(Kind.SCRIPT, line, "", text);
      case "output" -> new Block(Kind.OUTPUT, line, "", text);
      default -> throw new IllegalArgumentException("line " + line + ": a block that is neither a script nor an output"
          + " needs its file's name in backquotes, alone on the line above");
    };
  }
}
