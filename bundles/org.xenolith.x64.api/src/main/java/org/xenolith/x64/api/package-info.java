// SPDX-License-Identifier: EPL-2.0
/**
 * x86-64 processors as devices see them: CPUs with their interrupt inputs and model-specific registers, how they are entered, and what is between local
 * and I/O interrupt controllers.
 */
@NullMarked
package org.xenolith.x64.api;

import org.jspecify.annotations.NullMarked;
