// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.loader.Choice.Edit;
import org.xenolith.platform.loader.Choice.Variant;

/** Makes the edits of variants, in the manner of device-tree overlays. An edit that doesn't fit its tree is a finding and not made. */
final class Edits {
  private final Findings findings;

  Edits(Findings findings) {
    this.findings = findings;
  }

  /** The tree with a variant's edits, those whose conditions hold. */
  Fdt of(Variant variant, Fdt tree, Map<String, String> values) {
    Fdt edited = tree;
    for (Edit edit : variant.edits()) {
      if (edit.with().stream().allMatch(condition -> condition.holds(values))) {
        edited = made(edit, edited);
      }
    }
    return edited;
  }

  private Fdt made(Edit edit, Fdt tree) {
    if (!tree.fullPath(edit.node()).map(edit.node()::equals).orElse(false)) {
      findings.error(edit.node(), edit.place() + "there is no node " + edit.node() + " that it could change",
          "look at the paths with 'topology show', and at what choices before this one remove");
      return tree;
    }
    try {
      return tree.edit(edit.node(), node -> changed(edit, node));
    } catch (FdtException e) {
      findings.error(edit.node(), edit.place() + e.what(), e.remedy());
      return tree;
    }
  }

  private FdtNode changed(Edit edit, FdtNode node) {
    List<FdtProperty> properties = new ArrayList<>(node.properties());
    List<FdtNode> children = new ArrayList<>(node.children());
    for (String name : edit.removes()) {
      if (!properties.removeIf(p -> p.name().equals(name)) & !children.removeIf(c -> c.name().equals(name))) {
        findings.error(edit.node(), edit.place() + "it removes '" + name + "', which isn't there",
            "use the full name of a property or child node of " + edit.node());
      }
    }
    boolean behind = put(properties, edit.properties(), FdtProperty::name, edit.after())
        | put(children, edit.nodes(), FdtNode::name, edit.after());
    if (!edit.after().isEmpty() && !behind) {
      findings.error(edit.node(), edit.place() + "after is '" + edit.after() + "', which is neither a property nor a child node there",
          "use the full name of one of " + edit.node() + ", or leave it out");
    }
    return new FdtNode(node.name(), properties, children);
  }

  /** Puts each in the place of the one of its name, else behind the one named. Returns whether that is there. */
  private static <T> boolean put(List<T> all, List<T> more, Function<T, String> name, String after) {
    int behind = index(all, name, after);
    int next = behind < 0 ? all.size() : behind + 1;
    for (T one : more) {
      int same = index(all, name, name.apply(one));
      if (same >= 0) {
        all.set(same, one);
      } else {
        all.add(next++, one);
      }
    }
    return behind >= 0;
  }

  private static <T> int index(List<T> all, Function<T, String> name, String wanted) {
    for (int i = 0; i < all.size(); i++) {
      if (name.apply(all.get(i)).equals(wanted)) {
        return i;
      }
    }
    return -1;
  }
}
