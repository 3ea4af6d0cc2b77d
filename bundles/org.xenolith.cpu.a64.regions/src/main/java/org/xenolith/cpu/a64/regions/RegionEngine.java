// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.BranchTargets;
import org.xenolith.a64.graph.BreakpointNode;
import org.xenolith.a64.graph.CodePage;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.a64.graph.Node;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.cpu.api.CpuEngine;

/** Executes by interpretation, counts where branches lead to, and has translated what is hot. */
final class RegionEngine implements CpuEngine, BranchTargets {
  /** A branch's target is part of a region if it was gone to this part of what makes it hot. */
  private static final int WARM = 50;

  /** Bytes of a region: its class, about, which goes when no page enters it any more. */
  private static final int REGION_BYTES = 8 << 10;

  /** Branches to a place before it is looked up whether it was translated for somebody else. */
  private static final int LOOK = 20;

  private final Cpu cpu;
  private final Interpreter interpreter;
  private final Decoder decoder;
  private final Translator translator;
  private final int threshold;
  /** Whether somebody wanted to hear of translated code when the engine was made. */
  private final boolean watched;
  private final Jumps jumps;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  /** @param threshold branches to a place before it is translated */
  RegionEngine(Cpu cpu, Translator translator, int threshold) {
    this.cpu = cpu;
    this.translator = translator;
    this.threshold = threshold;
    watched = cpu.exits.wantsTranslated();
    interpreter = new Interpreter(cpu, this);
    decoder = interpreter.decoder();
    jumps = new Jumps(cpu);
  }

  @Override
  public long run(long budget) {
    return interpreter.run(budget);
  }

  @Override
  public void close() {
    interpreter.close();
  }

  @Override
  public Node target(CodePage page, Node target) {
    return target instanceof EntryNode || target instanceof BreakpointNode ? target : new EntryNode(this, page, target, threshold, threshold
        - LOOK);
  }

  @Override
  public void dropped() {
    jumps.clear();
  }

  /** A place is warm: if there is a region of it already, it is entered from now on. */
  void look(CodePage page, EntryNode node) {
    enterKnown(page, node);
  }

  /** The code that nodes enter for a region's: one that tells a watcher. */
  RegionCode watched(RegionCode code) {
    return watched ? new CountedCode(code) : code;
  }

  private static int[] words(CodePage page) {
    int[] words = new int[CodePage.WORDS];
    for (int i = 0; i < words.length; i++) {
      words[i] = page.word(i);
    }
    return words;
  }

  private static BitSet breakpoints(CodePage page) {
    BitSet all = new BitSet();
    for (int i = 0; page.hasBreakpoints() && i < CodePage.WORDS; i++) {
      all.set(i, page.hasBreakpoint(i));
    }
    return all;
  }

  private boolean enterKnown(CodePage page, EntryNode node) {
    // Words don't say where breakpoints are.
    Compiled known = page.live() && !page.hasBreakpoints() ? translator.library().find(page, node.off >> 2) : null;
    if (known == null) {
      return false;
    }
    Node[] plain = decode(page, known.places());
    for (int entry : known.translation.entries()) {
      wrap(page, entry);
    }
    node.ask();
    interpreter.keeps(page, REGION_BYTES);
    known.install(with(node, nodes(page, known.translation.entries())), plain, translator.checked());
    return true;
  }

  /** A place is hot: what is around it is to be translated. */
  void hot(CodePage page, EntryNode node) {
    for (String failure; (failure = failures.poll()) != null;) {
      cpu.env.events().report("translation-failed", "cpu" + cpu.index(), failure);
    }
    if (!page.live() || enterKnown(page, node)) {
      return;
    }
    int[] words = words(page);
    int first = node.off >> 2;
    BitSet warm = new BitSet();
    for (int i = 0; i < words.length; i++) {
      warm.set(i, page.nodes[i] instanceof EntryNode target && target.warm(threshold, WARM));
    }
    Flow flow = new Flow(words, decoder, first, Translator.MOST_COST, warm, breakpoints(page));
    if (!flow.contains(first)) {
      return;
    }
    Node[] plain = decode(page, flow.places());
    for (int at : flow.resumes) {
      if (flow.begins(at)) {
        wrap(page, at);
      }
    }
    EntryNode[] nodes = with(node, nodes(page, flow.blocks.keySet().stream().mapToInt(Integer::intValue).toArray()));
    int[] entries = Arrays.stream(nodes).mapToInt(each -> each.off >> 2).toArray();
    interpreter.keeps(page, REGION_BYTES);
    translator.request(new Request(flow, entries, nodes, plain, failures::add));
  }

  private static EntryNode[] with(EntryNode first, EntryNode[] others) {
    return Stream.concat(Stream.of(first), Arrays.stream(others)).toArray(EntryNode[]::new);
  }

  /** Has words decoded, so that writes to them are noticed; returns their nodes by word. */
  private Node[] decode(CodePage page, int[] places) {
    Node[] plain = new Node[CodePage.WORDS];
    for (int at : places) {
      plain[at] = interpreter.inPage(page, at * 4).plain();
    }
    return plain;
  }

  /** Makes a word one where regions are entered, whether a branch or the instruction before leads there. */
  private void wrap(CodePage page, int at) {
    Node node = target(page, page.nodes[at]);
    page.nodes[at] = node;
    Node before = at > 0 ? page.nodes[at - 1] : null;
    if (before != null) {
      before.plain().next = node;
    }
  }

  /** The nodes at words where regions are entered that have none yet and aren't asked for: now they are. */
  private static EntryNode[] nodes(CodePage page, int[] places) {
    List<EntryNode> nodes = new ArrayList<>();
    for (int at : places) {
      if (page.nodes[at] instanceof EntryNode node && !node.asked()) {
        node.ask();
        nodes.add(node);
      }
    }
    return nodes.toArray(EntryNode[]::new);
  }

  /**
   * Executes a region, and those that it leads to.
   *
   * @return what comes next; one instruction is yet to be counted, as is so when a node has executed it
   */
  Node run(Region first, Cpu c, long[] x) {
    Node next = chain(first, c, x);
    Flags.settle(c);
    c.left++;
    return next;
  }

  private Node chain(Region first, Cpu c, long[] x) {
    Region at = first;
    for (;;) {
      int way = at.code.run(c, x, at.entry);
      Region to = null;
      if (way == RegionCode.JUMP) {
        to = jumps.to(c.pc, c);
      }
      if (to == null) {
        // A walk may be called for: all but one of the instructions are counted then, as when a node jumps.
        c.left++;
        Node next = next(at.page, way, c);
        c.left--;
        if (!(next instanceof EntryNode entry) || (to = entry.region()) == null) {
          return next;
        }
        if (way == RegionCode.JUMP) {
          jumps.add(c.pc, to);
        }
      }
      if (!to.enterable(c)) {
        return to.node;
      }
      at = to;
    }
  }

  /** The node that follows a run of a page's region. */
  private Node next(CodePage page, int way, Cpu c) {
    if (way == RegionCode.JUMP) {
      return interpreter.jump(c.pc);
    }
    int off = way & 0xFFF;
    Node to = page.nodes[off >> 2];
    if (to == null) {
      to = interpreter.inPage(page, off);
      if (to == null) {
        to = interpreter.jump(c.page + off);
      }
    }
    if (way >= RegionCode.INTERPRET) {
      return to.plain();
    }
    if (!(to instanceof EntryNode) && page.nodes[off >> 2] == to) {
      // A region was too small for what it leads to: that may become hot, too.
      wrap(page, off >> 2);
      return page.nodes[off >> 2];
    }
    return to;
  }
}
