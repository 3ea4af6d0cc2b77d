// SPDX-License-Identifier: EPL-2.0
/** A plug-in for the product that runs many command lines in one process; it shares nothing with the tests but these classes' bytes. */
package org.xenolith.it.lines;
