// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.xenolith.fdt.Fdt;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.loader.Choice.Bridge;
import org.xenolith.platform.loader.Choice.Count;
import org.xenolith.platform.loader.Choice.Edit;
import org.xenolith.platform.loader.Choice.Number;
import org.xenolith.platform.loader.Choice.Variant;

/** Makes the trees of a board, each variant and each condition of an edit at least once, and tells what doesn't fit. */
final class BoardCheck {
  private final BoardFile board;
  private final Models models;
  private final BridgeKinds bridges;
  private final Findings findings;
  private final Set<Map<String, String>> made = new LinkedHashSet<>();

  BoardCheck(BoardFile board, Models models, BridgeKinds bridges, Findings findings) {
    this.board = board;
    this.models = models;
    this.bridges = bridges;
    this.findings = findings;
  }

  void all() {
    findings.lines(board.content().lines());
    for (Choice choice : board.content().choices()) {
      switch (choice.kind()) {
        case Count count -> count(choice, count);
        case Number number -> number(choice, number);
        default -> {
        }
      }
    }
    make(Map.of());
    for (Choice choice : board.content().choices()) {
      for (Variant variant : choice.variants()) {
        if (!variant.value().equals(Choice.ANY)) {
          variant(choice, variant.value(), variant);
        } else if (choice.kind() instanceof Bridge) {
          bridges.names().forEach(kind -> variant(choice, kind, variant));
        }
      }
    }
  }

  private void count(Choice choice, Count count) {
    if (board.content().tree().root().children().stream().noneMatch(node -> node.baseName().equals(count.nodes()))) {
      findings.error("/", choice.place() + "it counts nodes '" + count.nodes() + "', of which there are none",
          "use the name of children of the root, without unit address");
    }
  }

  private void number(Choice choice, Number number) {
    if (board.content().tree().fullPath(number.node()).filter(number.node()::equals).isEmpty()) {
      findings.error("/", choice.place() + "it is for the node " + number.node() + ", which isn't there",
          "look at the paths with 'topology show'");
    }
  }

  private void variant(Choice choice, String value, Variant variant) {
    make(Map.of(choice.name(), value));
    for (Edit edit : variant.edits()) {
      Map<String, String> requests = new LinkedHashMap<>(Map.of(choice.name(), value));
      edit.with().forEach(condition -> requests.put(condition.choice(), condition.value()));
      make(requests);
    }
  }

  private void make(Map<String, String> requests) {
    if (!made.add(requests)) {
      return;
    }
    Fdt tree;
    try {
      tree = board.tree(new BoardRequest(0, 0, requests), findings);
    } catch (PlatformException e) {
      // what the board refuses of a variant isn't wrong; a host bridge's bundle that fails is, and a board that is none by itself
      if (e.getCause() != null) {
        findings.error("/", e.getMessage(), "mend that bundle");
      } else if (requests.isEmpty()) {
        findings.error("/", e.getMessage(), "correct the file: it must be a board if nothing is asked for");
      }
      return;
    } catch (RuntimeException e) {
      findings.error("/", "with " + requests + " no tree can be made: " + e.getMessage(), "correct that variant");
      return;
    }
    Topology content = board.content();
    PlatformCheck.topology(new Topology(content.name(), content.summary(), tree, content.options(), content.declared(), content.limits(),
        content.choices(), content.refusals(), content.lines()), models, findings);
  }
}
