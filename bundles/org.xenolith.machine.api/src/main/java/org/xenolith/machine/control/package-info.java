// SPDX-License-Identifier: EPL-2.0
/** How an application builds, drives and changes machines. */
@NullMarked
package org.xenolith.machine.control;

import org.jspecify.annotations.NullMarked;
