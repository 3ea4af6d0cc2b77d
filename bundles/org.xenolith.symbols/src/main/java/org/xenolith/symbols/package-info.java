// SPDX-License-Identifier: EPL-2.0
/** Names of a guest's code and data: from its kernel's own table, found in its memory, and from files. */
package org.xenolith.symbols;
