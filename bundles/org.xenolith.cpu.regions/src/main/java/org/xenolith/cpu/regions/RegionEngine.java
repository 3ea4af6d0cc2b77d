package org.xenolith.cpu.regions;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.graph.BranchTargets;
import org.xenolith.cpu.graph.CodePage;
import org.xenolith.cpu.graph.Interpreter;
import org.xenolith.cpu.graph.Node;

/** Executes by interpretation, counts where branches lead to, and has translated what is hot. */
final class RegionEngine implements CpuEngine, BranchTargets {
  /** A branch's target is part of a region if it was gone to this part of what makes it hot. */
  private static final int WARM = 50;

  private final Cpu cpu;
  private final Interpreter interpreter;
  private final Decoder decoder;
  private final Translator translator;
  private final int threshold;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** @param threshold branches to a place before it is translated */
  RegionEngine(Cpu cpu, Translator translator, int threshold) {
    this.cpu = cpu;
    this.translator = translator;
    this.threshold = threshold;
    interpreter = new Interpreter(cpu, this);
    decoder = interpreter.decoder();
  }

  @Override public long run(long budget) {
    return interpreter.run(budget);
  }

  @Override public void close() {
    interpreter.close();
  }

  @Override public Node target(CodePage page, Node target) {
    return target instanceof EntryNode ? target : new EntryNode(this, page, target, threshold);
  }

  /** A place is hot: what is around it is to be translated. */
  void hot(CodePage page, EntryNode node) {
    for (String failure; (failure = failures.poll()) != null;) {
      cpu.env.events().report("translation-failed", "cpu" + cpu.index(), failure);
    }
    if (!page.live()) {
      return;
    }
    int[] words = new int[CodePage.WORDS];
    for (int i = 0; i < words.length; i++) {
      words[i] = page.word(i);
    }
    BitSet warm = new BitSet();
    for (int i = 0; i < words.length; i++) {
      warm.set(i, page.nodes[i] instanceof EntryNode target && target.warm(threshold, WARM));
    }
    Flow flow = new Flow(words, decoder, node.off >> 2, Translator.MOST_COST, warm);
    if (!flow.contains(node.off >> 2)) {
      return;
    }
    List<EntryNode> nodes = new ArrayList<>(List.of(node));
    Node[] plain = new Node[CodePage.WORDS];
    for (Block block : flow.blocks.values()) {
      for (int at = block.first; at < block.end; at++) {
        // Decoded, so that a write to it is noticed.
        plain[at] = interpreter.inPage(page, at * 4).plain();
      }
    }
    for (int at : flow.resumes) {
      if (flow.begins(at)) {
        resume(page, at);
      }
    }
    for (Block block : flow.blocks.values()) {
      if (page.nodes[block.first] instanceof EntryNode other && !other.asked()) {
        other.ask();
        nodes.add(other);
      }
    }
    translator.request(new Request(flow, nodes.stream().mapToInt(each -> each.off >> 2).toArray(), nodes.toArray(EntryNode[]::new), plain,
        failures::add));
  }

  /** The node at an address, which a branch leads to. */
  Node jump(long va) {
    return interpreter.jump(va);
  }

  /** The node at an offset of the page that is being executed. */
  Node node(Cpu cpu, CodePage page, int off) {
    Node node = interpreter.inPage(page, off);
    return node != null ? node : interpreter.jump(cpu.page + off);
  }

  /** After an instruction that is interpreted the region goes on. */
  private void resume(CodePage page, int at) {
    Node node = target(page, page.nodes[at]);
    page.nodes[at] = node;
    Node before = page.nodes[at - 1];
    if (before != null) {
      before.plain().next = node;
    }
  }
}
