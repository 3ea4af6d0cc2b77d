// SPDX-License-Identifier: EPL-2.0
/** What machine cores, CPUs and front ends may share; without a promise, by release. */
@NullMarked
package org.xenolith.machine.kit;

import org.jspecify.annotations.NullMarked;
