// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Numbers and expressions of devicetree source: C's operators on unsigned 64-bit numbers, with C's precedence (Devicetree Specification
 * 0.4, 6.4).
 */
final class DtsExpression {
  private static final Pattern NUMBER = Pattern.compile("(?:0[xX][0-9a-fA-F]+|[0-9]+)(?:ULL|UL|LL|U|L|ull|ul|ll|u|l)?(?![0-9A-Za-z_])");
  private static final Pattern CHARACTER = Pattern.compile("'(?:[^'\\\\\n]|\\\\(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.))'");
  /** Binary operators by precedence, the weakest first; a longer one before one that it begins with. */
  private static final List<List<String>> LEVELS = List.of(List.of("||"), List.of("&&"), List.of("|"), List.of("^"), List.of("&"), List.of(
      "==", "!="), List.of("<=", ">=", "<", ">"), List.of("<<", ">>"), List.of("+", "-"), List.of("*", "/", "%"));
  private static final int DEEPEST = 100;

  private final DtsLexer lexer;
  private int depth;

  DtsExpression(DtsLexer lexer) {
    this.lexer = lexer;
  }

  /** A number, a character or an expression in parentheses, as a cell may be. */
  long cell() {
    if (lexer.take("(")) {
      long value = nested(this::ternary);
      lexer.expect(")", "behind an expression");
      return value;
    }
    String character = lexer.take(CHARACTER);
    if (character != null) {
      byte[] bytes = DtsText.bytes(character.substring(1, character.length() - 1));
      return bytes[0];
    }
    String number = lexer.take(NUMBER);
    if (number == null) {
      throw lexer.fault("expected a number, a reference or an expression in parentheses, got " + lexer.next(), "correct the value");
    }
    return number(number);
  }

  private long number(String text) {
    String digits = text.replaceAll("[uUlL]+$", "");
    try {
      if (digits.startsWith("0x") || digits.startsWith("0X")) {
        return Long.parseUnsignedLong(digits.substring(2), 16);
      }
      return digits.length() > 1 && digits.startsWith("0") ? Long.parseUnsignedLong(digits, 8) : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw lexer.fault("'" + text + "' is no number of 64 bits", "correct it");
    }
  }

  private long nested(LongSupplier part) {
    if (++depth > DEEPEST) {
      throw lexer.fault("an expression that is nested more than " + DEEPEST + " times", "simplify it");
    }
    long value = part.getAsLong();
    depth--;
    return value;
  }

  private long ternary() {
    long condition = binary(0);
    if (!lexer.take("?")) {
      return condition;
    }
    long yes = nested(this::ternary);
    lexer.expect(":", "between the values of a condition");
    long no = nested(this::ternary);
    return condition != 0 ? yes : no;
  }

  private long binary(int level) {
    if (level == LEVELS.size()) {
      return unary();
    }
    long left = binary(level + 1);
    for (String operator = operator(level); operator != null; operator = operator(level)) {
      left = apply(operator, left, binary(level + 1));
    }
    return left;
  }

  private String operator(int level) {
    for (String operator : LEVELS.get(level)) {
      boolean longer = operator.length() == 1 && (lexer.ahead(operator + operator) && "|&<>".contains(operator));
      if (!longer && lexer.take(operator)) {
        return operator;
      }
    }
    return null;
  }

  private long unary() {
    if (lexer.take("-")) {
      return -nested(this::unary);
    }
    if (lexer.take("~")) {
      return ~nested(this::unary);
    }
    if (lexer.ahead("!") && !lexer.ahead("!=")) {
      lexer.take("!");
      return nested(this::unary) == 0 ? 1 : 0;
    }
    return cell();
  }

  private long apply(String operator, long left, long right) {
    return switch (operator) {
      case "||" -> left != 0 || right != 0 ? 1 : 0;
      case "&&" -> left != 0 && right != 0 ? 1 : 0;
      case "|" -> left | right;
      case "^" -> left ^ right;
      case "&" -> left & right;
      case "==" -> left == right ? 1 : 0;
      case "!=" -> left != right ? 1 : 0;
      case "<" -> Long.compareUnsigned(left, right) < 0 ? 1 : 0;
      case ">" -> Long.compareUnsigned(left, right) > 0 ? 1 : 0;
      case "<=" -> Long.compareUnsigned(left, right) <= 0 ? 1 : 0;
      case ">=" -> Long.compareUnsigned(left, right) >= 0 ? 1 : 0;
      case "<<" -> Long.compareUnsigned(right, Long.SIZE) < 0 ? left << right : 0;
      case ">>" -> Long.compareUnsigned(right, Long.SIZE) < 0 ? left >>> right : 0;
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      default -> {
        if (right == 0) {
          throw lexer.fault("a division by zero", "correct the expression");
        }
        yield operator.equals("/") ? Long.divideUnsigned(left, right) : Long.remainderUnsigned(left, right);
      }
    };
  }
}
