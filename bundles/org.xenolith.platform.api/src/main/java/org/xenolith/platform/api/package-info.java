// SPDX-License-Identifier: EPL-2.0
/** Immutable records of a platform's nodes and the services that make them. */
@NullMarked
package org.xenolith.platform.api;

import org.jspecify.annotations.NullMarked;
