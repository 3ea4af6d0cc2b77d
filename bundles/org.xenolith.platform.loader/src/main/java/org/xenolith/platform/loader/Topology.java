// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.List;
import java.util.Map;
import org.xenolith.fdt.Fdt;
import org.xenolith.machine.api.ModelDescription.Type;

/**
 * What a topology file says, free of EMF.
 *
 * @param name    the platform's name; empty if the file has none
 * @param tree    the raw tree
 * @param options node path to option name to value, only for options that have one
 * @param declared every option, with the type that the file gives it
 */
record Topology(String name, Fdt tree, Map<String, Map<String, String>> options, List<DeclaredOption> declared) {
  /** An option element of the file. */
  record DeclaredOption(String node, String name, Type type) {}
}
