// SPDX-License-Identifier: EPL-2.0
/** What a domain asks of itself by hypercall where no tree tells it. */
package org.xenolith.hyp.queries;
