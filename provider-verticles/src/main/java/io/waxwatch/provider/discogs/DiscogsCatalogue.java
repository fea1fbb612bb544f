package io.waxwatch.provider.discogs;

import io.vertx.core.Future;
import io.waxwatch.common.bus.BusMessage.SearchAnswered;
import io.waxwatch.common.bus.SearchHit;
import io.waxwatch.common.matching.TitleText;
import io.waxwatch.provider.discogs.client.DiscogsBodies.CatalogueRow;
import io.waxwatch.provider.discogs.client.DiscogsClient;
import io.waxwatch.provider.http.CallOrigin;
import io.waxwatch.provider.search.ProviderSearchService;
import java.net.URI;
import java.util.Optional;

/**
 * Searches Discogs: the first 100 releases of the catalogue, in one call. Discogs has no call that finds offers by words,
 * so what comes back are records, not listings: no price, no seller.
 */
public final class DiscogsCatalogue implements ProviderSearchService.Search {

    private final DiscogsClient discogs;
    private final String site;

    /** @param site base of the Discogs site, without a closing slash, on which the links to releases are put */
    public DiscogsCatalogue(DiscogsClient discogs, URI site) {
        this.discogs = discogs;
        this.site = site.toString();
    }

    @Override
    public Optional<String> whyNot(String words) {
        return TitleText.fold(words).isEmpty()
                ? Optional.of("Discogs can only be searched with at least one keyword")
                : Optional.empty();
    }

    @Override
    public Future<SearchAnswered> search(String words, CallOrigin onBehalf) {
        return discogs.searchReleases(words, onBehalf)
                .map(page -> new SearchAnswered(
                        page.rows().stream().map(this::hit).toList(),
                        page.pagination().next().isPresent()));
    }

    private SearchHit hit(CatalogueRow row) {
        return new SearchHit(
                DiscogsClient.PROVIDER,
                Long.toString(row.id()),
                row.title(),
                site + "/release/" + row.id(),
                null,
                null,
                null,
                null,
                null,
                row.id());
    }
}
