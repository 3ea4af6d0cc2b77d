// SPDX-License-Identifier: EPL-2.0
/** The command {@code mcp}: a machine for programs that speak the Model Context Protocol, over standard input and output. */
package org.xenolith.mcp;
