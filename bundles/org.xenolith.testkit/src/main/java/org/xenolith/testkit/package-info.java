// SPDX-License-Identifier: EPL-2.0
/** What the author of a model tests it with: a context without a machine, and the contract that every model must keep. */
@NullMarked
package org.xenolith.testkit;

import org.jspecify.annotations.NullMarked;
