// SPDX-License-Identifier: EPL-2.0
/**
 * Names in the code and data of a machine's guests: what kernels have of themselves in their memory, and what files say. Whoever shows an address asks for its name here, whoever is given
 * a name for its address. All that a guest has in its memory may be a lie: nothing is believed unchecked, and the work is bounded.
 */
@NullMarked
package org.xenolith.inspect.symbols;

import org.jspecify.annotations.NullMarked;
