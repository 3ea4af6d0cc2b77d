// SPDX-License-Identifier: EPL-2.0
/** Where what a machine holds comes from, and what happened in its run: questions about a machine whose past is kept, answered with moments that one can go to. */
@NullMarked
package org.xenolith.origin.api;

import org.jspecify.annotations.NullMarked;
