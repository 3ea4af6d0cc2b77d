// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.PlatformNode;

/** What {@code topology list}, {@code lint} and {@code show} answer as JSON. */
final class TopologyAnswers {
  private TopologyAnswers() {}

  /** A remark. */
  record Remark(String severity, String node, String what, String remedy) {
    static Remark of(Finding finding) {
      return new Remark(finding.severity().name().toLowerCase(Locale.ROOT), finding.node(), finding.what(), finding.remedy());
    }
  }

  /** The boards of bundles. */
  record Boards(List<Board> boards, int errors) {
    record Board(String name, String summary, Map<String, List<String>> choices, List<Remark> findings) {}
  }

  /** Files that were checked. */
  record Files(List<CheckedFile> files, int errors) {
    record CheckedFile(String file, List<Remark> findings) {}
  }

  /** A board's nodes. @param windows as text: CPU address and size, hexadecimal */
  record Nodes(List<Node> nodes) {
    record Node(String path, boolean enabled, List<String> compatible, List<String> windows, List<String> interrupts) {
      static Node of(PlatformNode node) {
        return new Node(node.path(), node.enabled(), node.compatible(), node.windows().stream().map(Object::toString).toList(), node
            .interrupts()
            .stream().map(Object::toString).toList());
      }
    }
  }
}
