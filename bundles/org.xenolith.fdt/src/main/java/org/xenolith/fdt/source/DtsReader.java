// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReservation;

/**
 * Reads devicetree source (Devicetree Specification 0.4, chapter 6): labels, references by label and path, {@code /include/},
 * {@code /incbin/}, {@code /bits/}, expressions, deletions. What the C preprocessor is for (lines that begin with #) is told, but for the
 * line markers that it leaves; overlays are not read.
 */
public final class DtsReader {
  private static final int DEEPEST = 32;
  private static final long LARGEST = 64L << 20;

  private final DtsNode root;
  private final DtsReferences references;
  private final List<FdtReservation> reservations = new ArrayList<>();

  private DtsReader(DtsNode root) {
    this.root = root;
    references = new DtsReferences(root);
  }

  /**
   * The tree of a file.
   *
   * @param file its name in messages, beside which included files are looked for
   * @throws FdtException with file and line, for anything that is wrong
   */
  public static Fdt read(Path file, byte[] content) {
    Fdt tree = new DtsReader(new DtsNode(null, "")).lay(file, content, 0);
    return new Fdt(firstCpu(tree), tree.reservations(), tree.root());
  }

  /** Source doesn't say which CPU boots: the first one, as the devicetree compiler has it; 0 without any that is numbered by one cell. */
  private static int firstCpu(Fdt tree) {
    return tree.node("/cpus").flatMap(cpus -> cpus.children().stream().findFirst()).flatMap(cpu -> cpu.property("reg"))
        .filter(reg -> reg.length() == Integer.BYTES).map(reg -> reg.cell(0)).orElse(0);
  }

  /**
   * A tree with a file laid over it: its nodes and properties are added, those that are there already changed. Nodes of the tree are
   * referred to by their paths, and by labels where the tree has kept them ({@code dtc -@}).
   */
  public static Fdt lay(Path file, byte[] content, Fdt over) {
    DtsReader reader = new DtsReader(DtsNode.of(null, over.root()));
    reader.reservations.addAll(over.reservations());
    return reader.lay(file, content, over.bootCpuid());
  }

  private Fdt lay(Path file, byte[] content, int bootCpuid) {
    parse(file, content, 0);
    references.number();
    return new Fdt(bootCpuid, reservations, root.fixed(references));
  }

  private void parse(Path file, byte[] content, int depth) {
    if (depth > DEEPEST) {
      throw new FdtException(FdtException.NO_OFFSET, file + ": files are included more than " + DEEPEST + " times in one another",
          "look whether they include themselves");
    }
    DtsLexer lexer = new DtsLexer(file.toString(), content);
    new DtsParser(lexer, root, references, reservations, (name, at) -> bytes(file, name, at)).file(name -> parse(beside(file, name, lexer),
        bytes(file,
            name, lexer), depth + 1));
  }

  private static Path beside(Path file, String name, DtsLexer lexer) {
    try {
      return file.resolveSibling(new String(DtsText.bytes(name), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw lexer.fault("'" + name + "' is no name of a file", "correct it");
    }
  }

  private static byte[] bytes(Path from, String name, DtsLexer lexer) {
    Path file = beside(from, name, lexer);
    try {
      if (!Files.isRegularFile(file)) {
        throw lexer.fault("there is no file " + file, "files are looked for beside the one that names them");
      }
      if (Files.size(file) > LARGEST) {
        throw lexer.fault(file + " has more than " + (LARGEST >> 20) + " MiB", "name another one");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw lexer.fault(file + " can't be read", "check its permissions");
    }
  }
}
