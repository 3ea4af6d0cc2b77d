// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtReservation;

/** The grammar of devicetree source: one file, whose nodes are laid over those that are there already. */
final class DtsParser {
  private static final Pattern LABEL = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*:");
  private static final Pattern NAME = Pattern.compile("\\\\?[A-Za-z0-9,._+*#?@-]+");
  private static final Pattern REFERENCE = Pattern.compile("&(?:\\{(/[^}\\s]*)\\}|([A-Za-z_][A-Za-z0-9_]*))");
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
  private static final Pattern BYTE = Pattern.compile("[0-9a-fA-F]{2}");

  private final DtsLexer lexer;
  private final DtsNode root;
  private final DtsReferences references;
  private final List<FdtReservation> reservations;
  /** File and place of a name between quotes: its bytes. */
  private final BiFunction<String, DtsLexer, byte[]> files;
  private int depth;

  DtsParser(DtsLexer lexer, DtsNode root, DtsReferences references, List<FdtReservation> reservations,
      BiFunction<String, DtsLexer, byte[]> files) {
    this.lexer = lexer;
    this.root = root;
    this.references = references;
    this.reservations = reservations;
    this.files = files;
  }

  /** The whole file. @param included called with the name of each file that is named by {@code /include/} */
  void file(Consumer<String> included) {
    while (!lexer.ended()) {
      if (lexer.take("/dts-v1/")) {
        lexer.expect(";", "behind /dts-v1/");
      } else if (lexer.ahead("/plugin/")) {
        throw lexer.fault("an overlay, which is laid over a tree by its reader's rules",
            "leave /plugin/ out and name nodes by their paths, &{/path}, as an addition to a board's tree");
      } else if (lexer.take("/include/")) {
        included.accept(quoted());
      } else if (lexer.take("/memreserve/")) {
        DtsExpression numbers = new DtsExpression(lexer);
        reservations.add(new FdtReservation(numbers.cell(), numbers.cell()));
        lexer.expect(";", "behind a reservation");
      } else if (lexer.take("/delete-node/")) {
        DtsNode node = referredNode();
        if (node == root) {
          throw lexer.fault("the root node can't be deleted", "name another node");
        }
        node.remove();
        lexer.expect(";", "behind /delete-node/");
      } else if (lexer.take("/omit-if-no-ref/")) {
        referredNode().optional = true;
        lexer.expect(";", "behind /omit-if-no-ref/");
      } else {
        node();
      }
    }
  }

  /** A node at the outermost level: the root, or one that is referred to. */
  private void node() {
    List<String> labels = labels();
    DtsNode node = root;
    if (lexer.ahead("&")) {
      node = referredNode();
    } else if (!lexer.take("/")) {
      throw lexer.fault("expected a node, / { or &label {, got " + lexer.next(), "correct the source");
    }
    label(labels, node);
    body(node);
  }

  private DtsNode referredNode() {
    String place = lexer.place();
    String reference = reference();
    if (reference == null) {
      throw lexer.fault("expected a reference, &label or &{/path}, got " + lexer.next(), "correct the source");
    }
    return references.node(reference, place);
  }

  /** A reference: the label, or the path with its slash; null if none comes next. */
  private String reference() {
    String text = lexer.take(REFERENCE);
    return text == null ? null : text.startsWith("&{") ? text.substring(2, text.length() - 1) : text.substring(1);
  }

  private List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (String label = lexer.take(LABEL); label != null; label = lexer.take(LABEL)) {
      labels.add(label.substring(0, label.length() - 1).strip());
    }
    return labels;
  }

  private void label(List<String> labels, DtsNode node) {
    for (String label : labels) {
      if (references.taken(label, node)) {
        throw lexer.fault("two nodes have the label '" + label + "'", "rename one");
      }
      references.label(label, node);
    }
  }

  private void body(DtsNode node) {
    if (++depth > FdtNode.MAX_DEPTH) {
      throw lexer.fault("nodes are nested more than " + FdtNode.MAX_DEPTH + " times", "flatten the tree");
    }
    lexer.expect("{", "at the beginning of node " + node.path());
    while (!lexer.take("}")) {
      member(node);
    }
    lexer.expect(";", "behind node " + node.path());
    depth--;
  }

  private void member(DtsNode node) {
    if (lexer.take("/delete-property/")) {
      node.properties.remove(name(node));
      lexer.expect(";", "behind /delete-property/");
      return;
    }
    if (lexer.take("/delete-node/")) {
      DtsNode gone = lexer.ahead("&") ? referredNode() : node.child(name(node));
      if (gone != null) {
        gone.remove();
      }
      lexer.expect(";", "behind /delete-node/");
      return;
    }
    boolean optional = lexer.take("/omit-if-no-ref/");
    List<String> labels = labels();
    String name = name(node);
    if (lexer.ahead("{")) {
      DtsNode child = node.children.computeIfAbsent(name, absent -> new DtsNode(node, name));
      child.optional |= optional;
      label(labels, child);
      body(child);
      return;
    }
    DtsValue value = new DtsValue();
    if (lexer.take("=")) {
      do {
        part(value);
      } while (lexer.take(","));
    }
    lexer.expect(";", "behind property " + name + " of node " + node.path());
    if (name.equals("phandle") && value.refers()) {
      throw lexer.fault("the phandle of node " + node.path() + " is a reference",
          "give a number, or leave it out: it gets one when it is referred to");
    }
    node.properties.put(name, value);
  }

  private String name(DtsNode node) {
    String name = lexer.take(NAME);
    if (name == null) {
      throw lexer.fault("expected a property or a node in node " + node.path() + ", got " + lexer.next(), "correct the source");
    }
    return name.startsWith("\\") ? name.substring(1) : name;
  }

  private void part(DtsValue value) {
    labels();
    String reference = reference();
    if (reference != null) {
      value.addPath(reference, lexer.place());
    } else if (lexer.ahead("\"")) {
      value.add(DtsText.bytes(quoted()));
      value.addNumber(0, 1);
    } else if (lexer.take("[")) {
      while (!lexer.take("]")) {
        labels();
        String digits = lexer.take(BYTE);
        if (digits == null) {
          throw lexer.fault("expected two hexadecimal digits between [ and ], got " + lexer.next(), "correct the value");
        }
        value.addNumber(Integer.parseInt(digits, 16), 1);
      }
    } else if (lexer.take("/incbin/")) {
      binary(value);
    } else {
      int bytes = Integer.BYTES;
      if (lexer.take("/bits/")) {
        long bits = new DtsExpression(lexer).cell();
        if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
          throw lexer.fault("/bits/ " + bits, "give 8, 16, 32 or 64");
        }
        bytes = (int) bits / Byte.SIZE;
      }
      lexer.expect("<", "in the place of a value");
      cells(value, bytes);
    }
    labels();
  }

  private void cells(DtsValue value, int bytes) {
    DtsExpression numbers = new DtsExpression(lexer);
    while (!lexer.take(">")) {
      labels();
      String place = lexer.place();
      String reference = reference();
      if (reference != null && bytes != Integer.BYTES) {
        throw lexer.fault("a reference among numbers of " + Byte.SIZE * bytes + " bits", "phandles have 32");
      }
      if (reference != null) {
        value.addPhandle(reference, place);
      } else if (!lexer.ahead(">")) {
        long number = numbers.cell();
        long above = bytes == Long.BYTES ? 0 : number >> Byte.SIZE * bytes;
        if (above != 0 && above != -1) {
          throw lexer.fault("0x" + Long.toHexString(number) + " has more than " + Byte.SIZE * bytes + " bits",
              "give it as two cells, or with /bits/ 64");
        }
        value.addNumber(number, bytes);
      }
    }
  }

  private void binary(DtsValue value) {
    lexer.expect("(", "behind /incbin/");
    byte[] content = files.apply(quoted(), lexer);
    long from = 0;
    long length = content.length;
    if (lexer.take(",")) {
      DtsExpression numbers = new DtsExpression(lexer);
      from = numbers.cell();
      lexer.expect(",", "between offset and length");
      length = numbers.cell();
    }
    if (from < 0 || length < 0 || from > content.length || length > content.length - from) {
      throw lexer.fault("the file has " + content.length + " bytes, not " + length + " from " + from + " on", "correct the numbers");
    }
    value.add(Arrays.copyOfRange(content, (int) from, (int) (from + length)));
    lexer.expect(")", "behind /incbin/");
  }

  private String quoted() {
    String text = lexer.take(STRING);
    if (text == null) {
      throw lexer.fault("expected a string between quotes, got " + lexer.next(), "correct the source");
    }
    return text.substring(1, text.length() - 1);
  }
}
