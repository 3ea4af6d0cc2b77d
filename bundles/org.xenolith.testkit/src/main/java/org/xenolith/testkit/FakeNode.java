// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;

/** Builds a platform node in a test, without a tree. */
public final class FakeNode {
  private final String path;
  private final List<FdtProperty> properties = new ArrayList<>();
  private List<String> compatible = List.of();
  private final List<AddressWindow> windows = new ArrayList<>();
  private final List<InterruptSpecifier> interrupts = new ArrayList<>();
  private final Map<String, String> options = new LinkedHashMap<>();

  private FakeNode(String path) {
    this.path = path;
  }

  /** Starts a node at a full path such as {@code /pl011@9000000}. */
  public static FakeNode at(String path) {
    return new FakeNode(path);
  }

  /** Sets {@code compatible}, most specific value first. */
  public FakeNode compatible(String... values) {
    compatible = List.of(values);
    return property(FdtProperty.ofStrings("compatible", values));
  }

  /** Adds a {@code reg} entry. */
  public FakeNode window(long base, long size) {
    windows.add(new AddressWindow(base, size));
    return this;
  }

  /** Adds an interrupt of the controller at {@code controller}. */
  public FakeNode interrupt(String controller, int... cells) {
    interrupts.add(new InterruptSpecifier(controller, cells));
    return this;
  }

  /** Adds a raw property. */
  public FakeNode property(FdtProperty property) {
    properties.add(property);
    return this;
  }

  /** Adds a property of cells. */
  public FakeNode cells(String name, int... cells) {
    return property(FdtProperty.ofCells(name, cells));
  }

  /** Adds a property without a value. */
  public FakeNode flag(String name) {
    return property(FdtProperty.ofFlag(name));
  }

  /** Sets an option of the model. */
  public FakeNode option(String name, String value) {
    options.put(name, value);
    return this;
  }

  /** The node. */
  public PlatformNode build() {
    int slash = path.lastIndexOf('/');
    return new PlatformNode(path, path.substring(slash + 1), slash == 0 ? "/" : path.substring(0, slash), properties,
        compatible, true, windows, interrupts, options);
  }
}
