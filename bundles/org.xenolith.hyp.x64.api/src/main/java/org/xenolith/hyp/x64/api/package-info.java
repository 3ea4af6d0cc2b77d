// SPDX-License-Identifier: EPL-2.0
/** What subsystems of the hypervisor and its core have to do with one another on x86-64 alone. */
@NullMarked
package org.xenolith.hyp.x64.api;

import org.jspecify.annotations.NullMarked;
