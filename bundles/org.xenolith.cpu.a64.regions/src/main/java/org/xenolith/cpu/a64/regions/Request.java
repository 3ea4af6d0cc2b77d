// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.function.Consumer;
import org.xenolith.a64.graph.Node;

/**
 * What the translator's thread is given: nothing in it changes any more.
 *
 * @param flow    what to translate
 * @param entries words where it is entered
 * @param nodes   their nodes, in the same order
 * @param plain   the interpreter's nodes by word, of those instructions whose nodes may be called
 * @param failed  told what went wrong, by the translator's thread
 */
record Request(Flow flow, int[] entries, EntryNode[] nodes, Node[] plain, Consumer<String> failed) {}
