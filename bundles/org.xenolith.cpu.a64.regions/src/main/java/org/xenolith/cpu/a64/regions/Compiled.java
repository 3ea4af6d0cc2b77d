// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.xenolith.a64.graph.CodePage;
import org.xenolith.a64.graph.Node;

/** The loaded class of a region, for every CPU and machine whose memory holds the same instructions. */
final class Compiled {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  final Translation translation;
  /** Places of all instructions that it is made of, and those instructions. */
  private final int[] places;
  private final int[] words;
  private final MethodHandle constructor;

  Compiled(Translation translation) throws ReflectiveOperationException {
    // The JVM has the class: its file isn't needed any more.
    this.translation = translation.loaded();
    Flow flow = translation.flow();
    places = flow.places();
    words = Arrays.stream(places).map(at -> flow.words[at]).toArray();
    constructor = LOOKUP.findConstructor(LOOKUP.defineHiddenClass(translation.classFile(), true).lookupClass(),
        MethodType.methodType(void.class, Node[].class)).asType(MethodType.methodType(RegionCode.class, Node[].class));
  }

  /** Whether a page holds the same instructions at the same places. */
  boolean fits(CodePage page) {
    for (int i = 0; i < places.length; i++) {
      if (page.word(places[i]) != words[i]) {
        return false;
      }
    }
    return true;
  }

  /** Words of a page that it holds. */
  int[] places() {
    return places;
  }

  /**
   * Makes nodes enter it that stand at its entries; others are left alone.
   *
   * @param plain   the interpreter's nodes by word
   * @param checked whether what it does is compared
   */
  void install(EntryNode[] nodes, Node[] plain, boolean checked) {
    Node[] calls = translation.calls().stream().map(at -> plain[at]).toArray(Node[]::new);
    RegionCode code;
    try {
      code = (RegionCode) constructor.invokeExact(calls);
    } catch (Throwable e) {
      throw new IllegalStateException("the constructor of a region", e);
    }
    code.page = nodes[0].page();
    if (checked) {
      code = new CheckedCode(code, translation);
    }
    code = nodes[0].engine().watched(code);
    for (EntryNode node : nodes) {
      int entry = translation.entry(node.off >> 2);
      if (entry >= 0) {
        node.enters(new Region(code, entry, node, translation.need(), translation.vector()));
      }
    }
  }
}
