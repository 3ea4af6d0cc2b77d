// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts a tree together in code:
 *
 * <pre>{@code
 * FdtBuilder root = FdtBuilder.root().cells("#address-cells", 2).cells("#size-cells", 2);
 * root.child("pl011@9000000").strings("compatible", "arm,pl011", "arm,primecell").u64("reg", 0x900_0000, 0x1000);
 * Fdt tree = Fdt.of(root.build());
 * }</pre>
 *
 * Properties and children come out in the order in which they went in.
 */
public final class FdtBuilder {
  private final String name;
  private final List<FdtProperty> properties = new ArrayList<>();
  private final List<FdtBuilder> children = new ArrayList<>();

  private FdtBuilder(String name) {
    this.name = name;
  }

  /** A builder for a root node. */
  public static FdtBuilder root() {
    return new FdtBuilder("");
  }

  /** Adds a child and returns the builder for it. */
  public FdtBuilder child(String childName) {
    FdtBuilder child = new FdtBuilder(childName);
    children.add(child);
    return child;
  }

  /** Adds 32-bit cells. */
  public FdtBuilder cells(String property, int... cells) {
    return add(FdtProperty.ofCells(property, cells));
  }

  /** Adds 64-bit numbers, two cells each, such as the {@code reg} of a bus with two address and two size cells. */
  public FdtBuilder u64(String property, long... numbers) {
    return add(FdtProperty.ofU64(property, numbers));
  }

  /** Adds a string or a list of strings. */
  public FdtBuilder strings(String property, String... strings) {
    return add(FdtProperty.ofStrings(property, strings));
  }

  /** Adds a property without a value. */
  public FdtBuilder flag(String property) {
    return add(FdtProperty.ofFlag(property));
  }

  /** Adds raw bytes. */
  public FdtBuilder bytes(String property, byte[] value) {
    return add(new FdtProperty(property, value));
  }

  /** Adds a property made elsewhere. */
  public FdtBuilder add(FdtProperty property) {
    properties.add(property);
    return this;
  }

  /** The node with all its children, checked as in {@link FdtNode#FdtNode}. */
  public FdtNode build() {
    return new FdtNode(name, properties, children.stream().map(FdtBuilder::build).toList());
  }
}
