// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import java.util.List;
import java.util.function.Function;

/**
 * Something that a client can have done with the machine.
 *
 * @param name     of it
 * @param meaning  for who calls it
 * @param takes    what it can be told
 * @param onlyLooks whether the machine comes to what it comes to without it
 * @param does     returns what is answered; throws {@code BadInput} if that can't be done
 */
record MachineTool(String name, String meaning, List<ToolParameter> takes, boolean onlyLooks, Function<ToolArguments, String> does) {}
