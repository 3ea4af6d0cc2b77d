// SPDX-License-Identifier: EPL-2.0
/** What happens in a machine, as one stream of events: who tells of it, and who writes it down. */
@NullMarked
package org.xenolith.traces.api;

import org.jspecify.annotations.NullMarked;
