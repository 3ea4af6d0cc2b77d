// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopReport;

/**
 * What must hold for a break to stop the machine: comparisons, all of them, with {@code and} between. What is compared are numbers, registers, symbols, the eight bytes at an address in
 * brackets, and {@code cpu}, {@code hits}, {@code level}, {@code guest}. Numbers have no sign.
 */
public final class BreakCondition {
  private static final String FORM =
      "VALUE ==|!=|<|<=|>|>=|& VALUE [and …]; a VALUE is a number, a register, a symbol, [VALUE] for the eight bytes there, cpu, hits, level or guest";
  private static final Pattern TOKEN = Pattern.compile("[\\[\\]]|==|!=|<=|>=|[<>&]|[^\\s\\[\\]=!<>&]+");
  private static final Set<String> OPERATORS = Set.of("==", "!=", "<", "<=", ">", ">=", "&");
  private static final int LONGEST = 64;

  /** A side of a comparison. */
  private interface Value {
    /** A {@link Long}, or a text. */
    Object of(NamedMachine on, StopReport report, long hits);

    /** Whether the machine must be looked into for it. */
    default boolean looks() {
      return true;
    }
  }

  private record Comparison(Value left, String operator, Value right) {}

  /** What needs nothing but what is reported. */
  private record Reported(Value value) implements Value {
    @Override
    public Object of(NamedMachine on, StopReport report, long hits) {
      return value.of(on, report, hits);
    }

    @Override
    public boolean looks() {
      return false;
    }
  }

  private final List<Comparison> all = new ArrayList<>();

  private BreakCondition() {}

  /**
   * Reads one.
   *
   * @param near  whose registers and symbols names are
   * @param looks whether the machine can be looked into when the place is reached
   * @throws BadInput if it is none
   */
  public static BreakCondition of(NamedMachine on, InspectedProcessor near, List<String> words, boolean looks) {
    Deque<String> tokens = new ArrayDeque<>(TOKEN.matcher(String.join(" ", words)).results().map(MatchResult::group).toList());
    if (tokens.isEmpty() || tokens.size() > LONGEST) {
      throw new BadInput("if: expected a condition: " + FORM);
    }
    BreakCondition condition = new BreakCondition();
    do {
      Value left = value(on, near, tokens);
      String operator = tokens.isEmpty() ? "" : tokens.poll();
      if (!OPERATORS.contains(operator)) {
        throw new BadInput("if: expected a comparison " + (operator.isEmpty() ? "at the end" : "where '" + operator + "' is") + ": "
            + FORM);
      }
      Value right = value(on, near, tokens);
      if (!looks && (left.looks() || right.looks())) {
        throw new BadInput("if: of an exception, an exit or an event only cpu, hits and numbers are known when it is reached");
      }
      condition.all.add(new Comparison(left, operator, right));
    } while ("and".equals(tokens.peek()) && tokens.poll() != null);
    if (!tokens.isEmpty()) {
      throw new BadInput("if: '" + tokens.peek() + "' isn't expected there; between comparisons is 'and': " + FORM);
    }
    return condition;
  }

  private static Value value(NamedMachine on, InspectedProcessor near, Deque<String> tokens) {
    String token = tokens.isEmpty() ? "" : tokens.poll();
    switch (token) {
      case "" -> throw new BadInput("if: a value is missing at the end: " + FORM);
      case "[" -> {
        Value address = value(on, near, tokens);
        if (!"]".equals(tokens.poll())) {
          throw new BadInput("if: a '[' has no ']'");
        }
        return (at, report, hits) -> word(processor(at, report), address.of(at, report, hits));
      }
      case "cpu" -> {
        return new Reported((at, report, hits) -> (long) report.processor().orElse(-1));
      }
      case "hits" -> {
        return new Reported((at, report, hits) -> hits);
      }
      case "level" -> {
        return (at, report, hits) -> processor(at, report).place().level().replace(" ", "");
      }
      case "guest" -> {
        return (at, report, hits) -> at.view().guest(processor(at, report).place());
      }
      default -> {
        return named(on, near, token);
      }
    }
  }

  private static Value named(NamedMachine on, InspectedProcessor near, String token) {
    if (near.registers().stream().anyMatch(each -> each.name().equals(token))) {
      return (at, report, hits) -> processor(at, report).value(token)[0];
    }
    // The name of a level or a domain stands for itself.
    if (token.matches("d[0-9]+|[A-Z]{2,3}[0-3]")) {
      return new Reported((at, report, hits) -> token);
    }
    long value = Texts.number(token).orElseGet(() -> NamedAddress.of(on, near, token).address());
    return new Reported((at, report, hits) -> value);
  }

  private static InspectedProcessor processor(NamedMachine on, StopReport report) {
    return on.view().processor(report.processor().orElse(-1)).orElseThrow(() -> new IllegalArgumentException("no CPU came there"));
  }

  private static Object word(InspectedProcessor processor, Object address) {
    if (!(address instanceof Long at)) {
      throw new IllegalArgumentException("[" + address + "] has no address");
    }
    byte[] bytes = processor.memory().read(at, Long.BYTES).orElseThrow(() -> new IllegalArgumentException("there is no RAM at 0x" + Long
        .toHexString(
            at)));
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /**
   * Whether it holds.
   *
   * @param hits how often the place was reached, with this time
   * @throws IllegalArgumentException if that can't be told
   */
  public boolean holds(NamedMachine on, StopReport report, long hits) {
    for (Comparison each : all) {
      Object left = each.left.of(on, report, hits);
      Object right = each.right.of(on, report, hits);
      if (left instanceof Long some && right instanceof Long other ? !holds(some, each.operator, other) : !same(left, each.operator,
          right)) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(Object left, String operator, Object right) {
    if (!operator.equals("==") && !operator.equals("!=")) {
      throw new IllegalArgumentException("'" + left + "' and '" + right + "' can only be equal or not");
    }
    return left.equals(right) == operator.equals("==");
  }

  private static boolean holds(long left, String operator, long right) {
    int order = Long.compareUnsigned(left, right);
    return switch (operator) {
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> (left & right) != 0;
    };
  }
}
