// SPDX-License-Identifier: EPL-2.0
/**
 * How a guest gets into a machine: where its software comes from ({@link org.xenolith.boot.api.GuestSource}) and how
 * it is laid out in memory and entered ({@link org.xenolith.boot.api.BootLoader}).
 */
@NullMarked
package org.xenolith.boot.api;

import org.jspecify.annotations.NullMarked;
