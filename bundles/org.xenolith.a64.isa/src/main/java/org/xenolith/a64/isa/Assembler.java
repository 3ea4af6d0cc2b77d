// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small two-pass assembler for tests and bare-metal guests. It reads what the {@link Disassembler} writes and the usual
 * aliases; labels ({@code loop:}, and {@code 1:} with {@code 1b} and {@code 1f}); {@code name = value};
 * {@code ldr x0, =value}, which becomes moves and so needs no literal pool; comments from {@code //}; and the directives
 * {@code .byte .hword .word .quad .ascii .asciz .align .balign .space .equ .inst}. {@code .align} takes a power of two.
 */
public final class Assembler {
  private static final Pattern LABEL = Pattern.compile("\\s*([A-Za-z_.$][\\w.$]*|\\d+)\\s*:(.*)");
  private static final Pattern CONSTANT = Pattern.compile("\\s*([A-Za-z_$][\\w.$]*)\\s*=(.*)");
  private static final Pattern LOCAL = Pattern.compile("(?<![\\w#.])(\\d+)([bf])\\b");
  private static final Pattern LOAD_CONSTANT = Pattern.compile("ldr\\s+([xw]\\d+)\\s*,\\s*=(.*)", Pattern.CASE_INSENSITIVE);
  private static final int IMAGE_LIMIT = 1 << 24;

  private record Statement(int line, String text) {
  }

  private final long base;
  private final List<Statement> statements = new ArrayList<>();
  private final Map<String, Long> symbols = new LinkedHashMap<>();
  /** Size in instructions of each {@code ldr =}, fixed by the first pass. */
  private final Map<Statement, Integer> moves = new HashMap<>();
  private final Map<String, Integer> locals = new HashMap<>();
  private ByteArrayOutputStream out;
  private boolean lenient;
  private Statement current;

  private Assembler(long base) {
    this.base = base;
  }

  /**
   * Assembles one instruction at address 0.
   *
   * @throws AssemblyException if the text has no encoding
   */
  public static int assemble(String instruction) {
    return assemble(0, instruction);
  }

  /**
   * Assembles one instruction.
   *
   * @param pc its address, for targets relative to it
   * @throws AssemblyException if the text has no encoding
   */
  public static int assemble(long pc, String instruction) {
    return Encoder.encode(instruction, pc, Map.of(), false);
  }

  /**
   * Assembles a source text of many lines.
   *
   * @param base address of its first byte
   * @throws AssemblyException at the first line that has no encoding
   */
  public static Program program(long base, String source) {
    return new Assembler(base).run(source);
  }

  private Program run(String source) {
    int number = 0;
    for (String line : source.split("\n", -1))
      statements(++number, line);
    lenient = true;
    pass();
    lenient = false;
    pass();
    return new Program(base, out.toByteArray(), Collections.unmodifiableMap(symbols));
  }

  /** Splits a line at semicolons and cuts off a comment, both outside quotes. */
  private void statements(int number, String line) {
    char quote = 0;
    int from = 0;
    int end = line.length();
    for (int i = 0; i < end; i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == '\\')
          i++;
        else if (c == quote)
          quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == ';') {
        statements.add(new Statement(number, line.substring(from, i).strip()));
        from = i + 1;
      } else if (line.startsWith("//", i)) {
        end = i;
      }
    }
    statements.add(new Statement(number, line.substring(from, end).strip()));
  }

  private void pass() {
    out = new ByteArrayOutputStream();
    locals.clear();
    for (Statement statement : statements) {
      current = statement;
      try {
        statement(statement.text());
      } catch (AssemblyException e) {
        throw new AssemblyException("line " + statement.line() + ": " + e.getMessage());
      }
    }
  }

  private long pc() {
    return base + out.size();
  }

  private void statement(String text) {
    Matcher label = LABEL.matcher(text);
    while (label.matches() && !text.startsWith("'")) {
      label(label.group(1));
      text = label.group(2).strip();
      label = LABEL.matcher(text);
    }
    if (text.isEmpty())
      return;
    Matcher constant = CONSTANT.matcher(text);
    if (constant.matches()) {
      define(constant.group(1), constant.group(2));
    } else if (text.startsWith(".")) {
      directive(text);
    } else {
      instruction(resolveLocals(text));
    }
  }

  private void label(String name) {
    if (Character.isDigit(name.charAt(0)))
      name = localName(name, locals.merge(name, 1, Integer::sum));
    Long before = symbols.put(name, pc());
    if (lenient && before != null)
      throw new AssemblyException("label " + name + " stands twice; give one another name");
    if (!lenient && before != null && before != pc())
      throw new AssemblyException("label " + name + " moved between the passes");
  }

  private static String localName(String number, int count) {
    return "$" + number + "." + count;
  }

  private String resolveLocals(String text) {
    return LOCAL.matcher(text).replaceAll(match -> {
      int count = locals.getOrDefault(match.group(1), 0) + (match.group(2).equals("f") ? 1 : 0);
      return Matcher.quoteReplacement(localName(match.group(1), count));
    });
  }

  private void define(String name, String value) {
    symbols.put(name, number(value));
  }

  private void instruction(String text) {
    Matcher load = LOAD_CONSTANT.matcher(text);
    if (load.matches()) {
      loadConstant(load.group(1), load.group(2));
      return;
    }
    if ((pc() & 3) != 0)
      throw new AssemblyException("'" + text + "': instruction at 0x" + Long.toHexString(pc())
          + " isn't aligned; put .align 2 before it");
    emit(Encoder.encode(text, pc(), symbols, lenient), 4);
  }

  /** The shortest moves if the value is known in the first pass, else one for every half-word. */
  private void loadConstant(String register, String expression) {
    boolean wide = Character.toLowerCase(register.charAt(0)) == 'x';
    int all = wide ? 4 : 2;
    Integer fixed = moves.get(current);
    if (fixed == null) {
      Cursor in = new Cursor(expression, pc(), symbols, false);
      fixed = in.expression() && in.atEnd() ? 0 : all;
      moves.put(current, fixed);
    }
    long value = number(expression);
    int needed = 0;
    for (int i = 0; i < all; i++)
      if ((value >>> 16 * i & 0xFFFF) != 0)
        needed++;
    boolean started = false;
    for (int i = 0; i < all; i++) {
      long half = value >>> 16 * i & 0xFFFF;
      if (fixed != 0 || half != 0 || needed == 0 && i == 0) {
        emit(Encoder.encode((started ? "movk " : "movz ") + register + ", #" + half + ", lsl #" + 16 * i, pc(),
            symbols, lenient), 4);
        started = true;
      }
    }
  }

  private void directive(String text) {
    String[] parts = text.split("\\s+", 2);
    String name = parts[0].toLowerCase(Locale.ROOT);
    String rest = parts.length > 1 ? parts[1] : "";
    switch (name) {
      case ".byte" -> data(rest, 1);
      case ".hword", ".short", ".2byte" -> data(rest, 2);
      case ".word", ".int", ".long", ".4byte", ".inst" -> data(rest, 4);
      case ".quad", ".xword", ".8byte", ".dword" -> data(rest, 8);
      case ".ascii" -> out.writeBytes(string(rest));
      case ".asciz", ".string" -> {
        out.writeBytes(string(rest));
        out.write(0);
      }
      case ".align", ".p2align" -> {
        long power = known(rest);
        if (power < 0 || power > 16)
          throw new AssemblyException("'" + text + "': expected a power of two from 0 to 16");
        align(1 << power);
      }
      case ".balign" -> {
        long bytes = known(rest);
        if (bytes < 1 || bytes > 65536 || Long.bitCount(bytes) != 1)
          throw new AssemblyException("'" + text + "': expected 1, 2, 4, ... 65536 bytes");
        align((int) bytes);
      }
      case ".space", ".skip", ".zero" -> {
        long bytes = known(rest);
        if (bytes < 0 || out.size() + bytes > IMAGE_LIMIT)
          throw new AssemblyException("'" + text + "': expected 0 to " + (IMAGE_LIMIT - out.size()) + " bytes");
        out.writeBytes(new byte[(int) bytes]);
      }
      case ".equ", ".set" -> {
        int comma = rest.indexOf(',');
        if (comma < 0)
          throw new AssemblyException("'" + text + "': expected a name, a comma and a value");
        define(rest.substring(0, comma).strip(), rest.substring(comma + 1));
      }
      // One section, all symbols visible: nothing to do.
      case ".text", ".data", ".global", ".globl", ".type", ".size", ".arch", ".cpu" -> {
      }
      default -> throw new AssemblyException("'" + text + "': there is no directive " + name);
    }
  }

  private void align(int bytes) {
    while ((pc() & bytes - 1) != 0)
      out.write(0);
  }

  private void data(String list, int bytes) {
    for (String item : Aliases.split(resolveLocals(list)))
      emit(number(item), bytes);
  }

  private void emit(long value, int bytes) {
    for (int i = 0; i < bytes; i++)
      out.write((int) (value >>> 8 * i));
  }

  private long number(String expression) {
    Cursor in = new Cursor(expression.strip(), pc(), symbols, lenient);
    if (!in.expression() || !in.atEnd())
      throw new AssemblyException("'" + expression.strip() + "': expected a number or a defined symbol");
    return in.number();
  }

  /** A number that decides on sizes, so that its symbols must be defined before. */
  private long known(String expression) {
    Cursor in = new Cursor(expression.strip(), pc(), symbols, false);
    if (!in.expression() || !in.atEnd())
      throw new AssemblyException("'" + expression.strip() + "': expected a number or a symbol defined above");
    return in.number();
  }

  private static byte[] string(String text) {
    text = text.strip();
    if (text.length() < 2 || text.charAt(0) != '"' || !text.endsWith("\""))
      throw new AssemblyException("'" + text + "': expected a string in double quotes");
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        c = text.charAt(++i);
        plain.append(switch (c) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case '0' -> '\0';
          default -> c;
        });
      } else {
        plain.append(c);
      }
    }
    return plain.toString().getBytes(StandardCharsets.UTF_8);
  }
}
