package io.waxwatch.sandbox;

import static io.waxwatch.sandbox.RunningSandbox.encoded;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EbayWireTest {

    private RunningSandbox box;

    @BeforeEach
    void start() throws Exception {
        box = new RunningSandbox(SandboxOptions.defaults().withInitialListings(0));
    }

    @AfterEach
    void stop() throws Exception {
        box.close();
    }

    @Test
    void grants_a_token_that_says_how_long_it_lives() throws Exception {
        var response = box.grant(
                "sandbox-client",
                "sandbox-secret",
                "grant_type=client_credentials&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.bodyAsJsonObject().getInteger("expires_in")).isEqualTo(7_200);
        assertThat(response.bodyAsJsonObject().getString("token_type")).isEqualTo("Application Access Token");
    }

    @ParameterizedTest
    @CsvSource({
        "wrong,client_credentials,,401,invalid_client",
        "sandbox-secret,password,,400,unsupported_grant_type",
        "sandbox-secret,client_credentials,https://api.ebay.com/oauth/api_scope/buy.browse,400,invalid_scope"
    })
    void refuses_a_bad_grant_in_the_oauth_shape(String secret, String type, String scope, int status, String error)
            throws Exception {
        String form = "grant_type=" + type + (scope == null ? "" : "&scope=" + encoded(scope));
        var response = box.grant("sandbox-client", secret, form);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.bodyAsJsonObject().getString("error")).isEqualTo(error);
        assertThat(response.bodyAsJsonObject().containsKey("errors")).isFalse();
    }

    @Test
    void refuses_an_expired_a_revoked_and_a_missing_token() throws Exception {
        assertThat(box.search("q=x").statusCode()).isEqualTo(200);
        box.clock.advance(Duration.ofHours(2));
        var expired = box.search("q=x");
        assertThat(expired.statusCode()).isEqualTo(401);
        assertThat(error(expired).getInteger("errorId")).isEqualTo(1001);
        assertThat(error(expired).getString("domain")).isEqualTo("OAuth");
        var bare = box.request(HttpMethod.GET, "/buy/browse/v1/item_summary/search?q=x")
                .send()
                .await(5, SECONDS);
        assertThat(bare.statusCode()).isEqualTo(403);
        assertThat(bare.body()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER "})
    void a_scheme_may_be_written_in_any_case(String scheme) throws Exception {
        var response = box.request(HttpMethod.GET, "/buy/browse/v1/item_summary/search?q=x")
                .putHeader("Authorization", scheme + box.token())
                .send()
                .await(5, SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void revoking_all_tokens_makes_the_next_call_unauthorised() throws Exception {
        box.token();
        box.control(HttpMethod.DELETE, "/tokens", null);
        assertThat(box.search("q=x").statusCode()).isEqualTo(401);
    }

    @Test
    void leaves_the_rows_out_when_nothing_matches() throws Exception {
        JsonObject body = box.search("q=nothinglikethis").bodyAsJsonObject();
        assertThat(body.fieldNames()).containsExactly("href", "total", "limit", "offset");
        assertThat(body.getInteger("total")).isZero();
        assertThat(body.getInteger("limit")).isEqualTo(50);
    }

    @Test
    void matches_all_words_whatever_their_case_accents_or_order() throws Exception {
        list(new JsonObject().put("title", "Sólveig ÞÓRSDÓTTIR - Norðurljós LP"));
        list(new JsonObject().put("title", "HZ/VC - High Tension Wire"));
        assertThat(titles("q=" + encoded("lp solveig"))).hasSize(1);
        assertThat(titles("q=" + encoded("solveig wire"))).isEmpty();
        assertThat(titles("q=" + encoded("hz/vc wire"))).hasSize(1);
        assertThat(titles("q=" + encoded("(solveig, tension)"))).hasSize(2);
        assertThat(titles("q=" + encoded("wire -tension"))).isEmpty();
        assertThat(titles("q=" + encoded("ten"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "limit=10,400,12001",
        "category_ids=11233,409,12013",
        "q=a&limit=0,400,12006",
        "q=a&limit=201,400,12006",
        "q=a&limit=ten,400,12007",
        "q=a&limit=10&offset=5,400,12515",
        "q=a&limit=10&offset=-10,400,12004",
        "q=a&limit=10&offset=few,400,12005",
        "q=*,400,12023",
        "q=blue*,400,12023",
        "q=a&limit=100&offset=10000,400,12029",
        "'q=a&filter=itemLocationCountry:US,itemLocationRegion:EUROPE',400,12517"
    })
    void refuses_bad_parameters_by_ebays_numbers(String query, int status, int id) throws Exception {
        var response = box.search(query);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(error(response).getInteger("errorId")).isEqualTo(id);
        assertThat(error(response).getString("domain")).isEqualTo("API_BROWSE");
    }

    @Test
    void pages_by_absolute_links_and_ends_without_a_next() throws Exception {
        for (int i = 0; i < 5; i++) {
            list(new JsonObject().put("title", "Paging record " + i));
        }
        JsonObject first = box.search("q=paging&limit=2&sort=newlyListed").bodyAsJsonObject();
        assertThat(first.getString("href"))
                .startsWith("http://127.0.0.1:" + box.port + "/buy/browse/v1/item_summary/search?");
        assertThat(first.containsKey("prev")).isFalse();
        List<String> seen = new ArrayList<>();
        JsonObject page = first;
        while (true) {
            page.getJsonArray("itemSummaries").forEach(row -> seen.add(((JsonObject) row).getString("title")));
            if (page.getString("next") == null) {
                break;
            }
            String next = page.getString("next").replace("http://127.0.0.1:" + box.port, "");
            page = box.ebay(next).send().await(5, SECONDS).bodyAsJsonObject();
        }
        assertThat(seen)
                .containsExactly(
                        "Paging record 4", "Paging record 3", "Paging record 2", "Paging record 1", "Paging record 0");
    }

    @Test
    void links_start_with_the_configured_base() throws Exception {
        box.control(HttpMethod.PUT, "/settings", new JsonObject().put("ebayBase", "https://api.ebay.com"));
        assertThat(box.search("q=x").bodyAsJsonObject().getString("href")).startsWith("https://api.ebay.com/buy/");
    }

    @Test
    void newly_listed_goes_by_origin_so_a_relist_is_not_first() throws Exception {
        list(new JsonObject().put("title", "Relist A"));
        list(new JsonObject().put("title", "Relist B").put("originDate", "2026-01-01T00:00:00Z"));
        assertThat(titles("q=relist&sort=newlyListed")).containsExactly("Relist A", "Relist B");
        JsonObject row = rows(box.search("q=b&sort=newlyListed")).getJsonObject(0);
        assertThat(row.getString("itemOriginDate")).isEqualTo("2026-01-01T00:00:00.000Z");
        assertThat(row.getString("itemCreationDate")).isEqualTo("2026-05-20T12:00:00.000Z");
    }

    @Test
    void sorts_by_price_with_shipping() throws Exception {
        list(new JsonObject().put("title", "Sorted dear").put("price", "20.00").put("shippingCost", 0));
        list(new JsonObject().put("title", "Sorted far").put("price", "15.00").put("shippingCost", 9));
        list(new JsonObject().put("title", "Sorted cheap").put("price", "3.00"));
        assertThat(titles("q=sorted&sort=price")).containsExactly("Sorted cheap", "Sorted dear", "Sorted far");
        assertThat(titles("q=sorted&sort=-price")).containsExactly("Sorted far", "Sorted dear", "Sorted cheap");
    }

    @Test
    void an_auction_is_hidden_by_default_and_has_a_bid_instead_of_a_price() throws Exception {
        list(new JsonObject()
                .put("title", "Under the hammer")
                .put("buyingOptions", new JsonArray().add("AUCTION"))
                .put("bid", "7.50"));
        assertThat(titles("q=hammer")).isEmpty();
        JsonObject row = rows(box.search("q=hammer&filter=" + encoded("buyingOptions:{AUCTION|FIXED_PRICE}")))
                .getJsonObject(0);
        assertThat(row.containsKey("price")).isFalse();
        assertThat(row.getJsonObject("currentBidPrice").getString("value")).isEqualTo("7.50");
        assertThat(row.getInteger("bidCount")).isZero();
    }

    @Test
    void a_hybrid_leaves_the_default_set_with_its_first_bid() throws Exception {
        var both = new JsonArray().add("FIXED_PRICE").add("AUCTION");
        list(new JsonObject().put("title", "Hybrid fresh").put("buyingOptions", both));
        list(new JsonObject()
                .put("title", "Hybrid taken")
                .put("buyingOptions", both)
                .put("bidCount", 1));
        assertThat(titles("q=hybrid")).containsExactly("Hybrid fresh");
    }

    @Test
    void filters_by_price_and_condition_and_start() throws Exception {
        list(new JsonObject().put("title", "Filter new").put("price", 10).put("condition", "NEW"));
        list(new JsonObject().put("title", "Filter used").put("price", "40.00"));
        box.clock.advance(Duration.ofMinutes(1));
        list(new JsonObject().put("title", "Filter bare").put("condition", "UNSPECIFIED"));
        assertThat(titles("q=filter&filter=" + encoded("price:[..30],priceCurrency:USD")))
                .containsExactlyInAnyOrder("Filter new", "Filter bare");
        assertThat(titles("q=filter&filter=" + encoded("price:[40],priceCurrency:USD")))
                .containsExactly("Filter used");
        assertThat(titles("q=filter&filter=" + encoded("price:[5..20],priceCurrency:USD,conditions:{NEW|USED}")))
                .containsExactly("Filter new");
        assertThat(titles("q=filter&filter=" + encoded("conditions:{UNSPECIFIED}")))
                .containsExactly("Filter bare");
        assertThat(titles("q=filter&filter=" + encoded("conditionIds:{1000|2750}")))
                .containsExactly("Filter new");
        assertThat(titles("q=filter&filter=" + encoded("itemStartDate:[2026-05-20T12:00:30.000Z..]")))
                .containsExactly("Filter bare");
        JsonObject bare = rows(box.search("q=bare")).getJsonObject(0);
        assertThat(bare.containsKey("condition")).isFalse();
        assertThat(bare.containsKey("conditionId")).isFalse();
        assertThat(bare.containsKey("image")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'price:[..5]','12002,12012'",
        "'priceCurrency:USD','12012'",
        "'price:[..5],priceCurrency:XXX','12002,12012'",
        "'conditions:{LIKE_NEW}','12002'",
        "'categoryIds:{176985}','12002'"
    })
    void a_bad_filter_is_a_warning_over_unfiltered_rows(String filter, String ids) throws Exception {
        list(new JsonObject().put("title", "Warned").put("price", "99.00"));
        var response = box.search("q=warned&filter=" + encoded(filter));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(rows(response)).hasSize(1);
        List<String> given = new ArrayList<>();
        response.bodyAsJsonObject()
                .getJsonArray("warnings")
                .forEach(warning ->
                        given.add(((JsonObject) warning).getInteger("errorId").toString()));
        assertThat(given).contains(ids.split(","));
    }

    @Test
    void an_unknown_sort_is_a_warning() throws Exception {
        var body = box.search("q=x&sort=-date").bodyAsJsonObject();
        JsonObject warning = body.getJsonArray("warnings").getJsonObject(0);
        assertThat(warning.getInteger("errorId")).isEqualTo(12008);
        assertThat(warning.getJsonArray("parameters").getJsonObject(0).getString("value"))
                .isEqualTo("-date");
    }

    @Test
    void the_vinyl_category_is_enough_and_another_is_empty() throws Exception {
        list(new JsonObject());
        assertThat(titles("category_ids=176985")).hasSize(1);
        assertThat(titles("category_ids=176984")).isEmpty();
    }

    @Test
    void an_unknown_marketplace_silently_means_the_us() throws Exception {
        list(new JsonObject().put("title", "Atlantic"));
        list(new JsonObject().put("title", "Atlantic").put("marketplaceId", "EBAY_GB"));
        for (String header : List.of("EBAY_US", "EBAY_XX", "")) {
            JsonObject row = rows(marketplace("q=atlantic", header)).getJsonObject(0);
            assertThat(row.getString("listingMarketplaceId")).isEqualTo("EBAY_US");
        }
        JsonObject british = rows(marketplace("q=atlantic", "EBAY_GB")).getJsonObject(0);
        assertThat(british.getJsonObject("price").getString("currency")).isEqualTo("GBP");
        var refused = marketplace("q=atlantic", "EBAY_IN");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(error(refused).getInteger("errorId")).isEqualTo(12019);
    }

    @Test
    void shows_a_foreign_price_converted_and_keeps_the_original() throws Exception {
        list(new JsonObject().put("title", "Maple").put("price", "100.00").put("currency", "CAD"));
        JsonObject price = rows(box.search("q=maple")).getJsonObject(0).getJsonObject("price");
        assertThat(price)
                .isEqualTo(new JsonObject()
                        .put("value", "73.00")
                        .put("currency", "USD")
                        .put("convertedFromValue", "100.00")
                        .put("convertedFromCurrency", "CAD"));
    }

    @Test
    void calculated_shipping_has_no_cost() throws Exception {
        list(new JsonObject().put("title", "Parcel").putNull("shippingCost"));
        JsonObject shipping = rows(box.search("q=parcel"))
                .getJsonObject(0)
                .getJsonArray("shippingOptions")
                .getJsonObject(0);
        assertThat(shipping.getString("shippingCostType")).isEqualTo("CALCULATED");
        assertThat(shipping.containsKey("shippingCost")).isFalse();
    }

    @Test
    void gives_an_affiliate_link_only_with_a_campaign() throws Exception {
        list(new JsonObject().put("title", "Campaign"));
        assertThat(rows(box.search("q=campaign")).getJsonObject(0).containsKey("itemAffiliateWebUrl"))
                .isFalse();
        var response = box.ebay("/buy/browse/v1/item_summary/search?q=campaign")
                .putHeader("X-EBAY-C-ENDUSERCTX", "affiliateCampaignId=5338000000,affiliateReferenceId=x")
                .send()
                .await(5, SECONDS);
        assertThat(rows(response).getJsonObject(0).getString("itemAffiliateWebUrl"))
                .contains("campid=5338000000");
    }

    @Test
    void tells_an_item_until_it_ends_with_the_pipes_encoded_or_not() throws Exception {
        String id = list(new JsonObject().put("releaseId", 900_000_001L).put("price", "31.50"));
        assertThat(id).startsWith("v1|").endsWith("|0");
        JsonObject item = item(encoded(id)).bodyAsJsonObject();
        assertThat(item.getJsonObject("price").getString("value")).isEqualTo("31.50");
        assertThat(item.getString("gtin")).hasSize(13);
        assertThat(item.getJsonArray("localizedAspects").getJsonObject(0).getString("name"))
                .isEqualTo("Record Grading");
        String legacy = item.getString("legacyItemId");
        assertThat(box.ebay("/buy/browse/v1/item/get_item_by_legacy_id?legacy_item_id=" + legacy)
                        .send()
                        .await(5, SECONDS)
                        .statusCode())
                .isEqualTo(200);
        box.control(HttpMethod.DELETE, "/listings/" + encoded(id), null);
        assertThat(item(encoded(id)).statusCode()).isEqualTo(404);
        assertThat(error(item(encoded(id))).getInteger("errorId")).isEqualTo(11001);
    }

    @Test
    void the_day_ends_at_midnight_pacific_and_its_quota_with_it() throws Exception {
        box.control(HttpMethod.PUT, "/settings", new JsonObject().put("ebayPerDay", 2));
        box.search("q=x");
        box.search("q=x");
        var refused = box.search("q=x");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(error(refused).getInteger("errorId")).isEqualTo(2001);
        assertThat(refused.getHeader("Retry-After")).isNull();
        assertThat(rate().getInteger("remaining")).isZero();
        box.clock.advance(Duration.ofMinutes(19 * 60));
        box.renewToken();
        assertThat(box.search("q=x").statusCode()).isEqualTo(200);
    }

    @Test
    void tells_the_quota_under_its_real_names() throws Exception {
        box.search("q=x");
        JsonObject api = limits();
        assertThat(api.getString("apiName")).isEqualTo("Browse");
        JsonObject resource = api.getJsonArray("resources").getJsonObject(0);
        assertThat(resource.getString("name")).isEqualTo("buy.browse");
        JsonObject rate = resource.getJsonArray("rates").getJsonObject(0);
        assertThat(rate.getInteger("remaining")).isEqualTo(4_999);
        assertThat(rate.getString("reset")).isEqualTo("2026-05-21T07:00:00.000Z");
        assertThat(box.ebay("/developer/analytics/v1_beta/rate_limit/?api_name=sell")
                        .send()
                        .await(5, SECONDS)
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void answers_carry_the_request_id_and_nothing_about_rates() throws Exception {
        var headers = box.search("q=x").headers();
        assertThat(headers.get("rlogid")).isNotBlank();
        assertThat(headers.get("x-ebay-request-id")).isNotBlank();
        assertThat(headers.names())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("limit"));
    }

    private JsonObject limits() throws Exception {
        return box.ebay("/developer/analytics/v1_beta/rate_limit/?api_context=buy&api_name=browse")
                .send()
                .await(5, SECONDS)
                .bodyAsJsonObject()
                .getJsonArray("rateLimits")
                .getJsonObject(0);
    }

    private JsonObject rate() throws Exception {
        return limits().getJsonArray("resources")
                .getJsonObject(0)
                .getJsonArray("rates")
                .getJsonObject(0);
    }

    private HttpResponse<Buffer> item(String encodedId) throws Exception {
        return box.ebay("/buy/browse/v1/item/" + encodedId).send().await(5, SECONDS);
    }

    private HttpResponse<Buffer> marketplace(String query, String header) throws Exception {
        var request = box.ebay("/buy/browse/v1/item_summary/search?" + query);
        if (!header.isEmpty()) {
            request.putHeader("X-EBAY-C-MARKETPLACE-ID", header);
        }
        return request.send().await(5, SECONDS);
    }

    private String list(JsonObject draft) throws Exception {
        return box.control(HttpMethod.POST, "/listings", draft).getString("itemId");
    }

    private List<String> titles(String query) throws Exception {
        List<String> titles = new ArrayList<>();
        rows(box.search(query)).forEach(row -> titles.add(((JsonObject) row).getString("title")));
        return titles;
    }

    private static JsonArray rows(HttpResponse<Buffer> response) {
        return response.bodyAsJsonObject().getJsonArray("itemSummaries", new JsonArray());
    }

    private static JsonObject error(HttpResponse<Buffer> response) {
        return response.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0);
    }

    @ParameterizedTest
    @CsvSource({
        "'categoryId:176985,Record Label:{Tidewater Records}',1",
        "'categoryId:176985,Record Label:{Nobody|Tidewater Records},Release Year:{1963}',1",
        "'categoryId:176985,Record Label:{Tidewater Records},Release Year:{1964}',0",
        "'categoryId:176985,Format:{Record}',2",
        "'categoryId:176985,Colour:{Red}',0"
    })
    void filters_by_item_specifics(String filter, int found) throws Exception {
        list(new JsonObject().put("releaseId", 900_000_001L).put("title", "Aspect known"));
        list(new JsonObject().put("title", "Aspect unknown"));
        var response = box.search("q=aspect&category_ids=176985&aspect_filter=" + encoded(filter));
        assertThat(rows(response)).hasSize(found);
        assertThat(response.bodyAsJsonObject().containsKey("warnings")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'Record Label:{X}',176985,12017",
        "'categoryId:176985,Record Label:{X',176985,12018",
        "'categoryId:176985',176985,12018",
        "'categoryId:11233,Record Label:{X}',176985,12018"
    })
    void a_bad_aspect_filter_is_a_warning_over_unfiltered_rows(String filter, String category, int id)
            throws Exception {
        list(new JsonObject().put("title", "Aspect warned"));
        var response = box.search("q=aspect&category_ids=" + category + "&aspect_filter=" + encoded(filter));
        assertThat(rows(response)).hasSize(1);
        assertThat(response.bodyAsJsonObject()
                        .getJsonArray("warnings")
                        .getJsonObject(0)
                        .getInteger("errorId"))
                .isEqualTo(id);
    }

    @Test
    void field_groups_add_to_the_rows_or_leave_them_out() throws Exception {
        list(new JsonObject().put("title", "Grouped one").put("condition", "NEW"));
        list(new JsonObject().put("title", "Grouped two"));
        assertThat(rows(box.search("q=grouped")).getJsonObject(0).containsKey("shortDescription"))
                .isFalse();
        JsonObject extended = rows(box.search("q=grouped&fieldgroups=EXTENDED")).getJsonObject(0);
        assertThat(extended.getString("shortDescription")).isNotEmpty();
        assertThat(extended.getJsonObject("itemLocation").getString("city")).isNotEmpty();

        JsonObject body = box.search("q=grouped&fieldgroups=CONDITION_REFINEMENTS,BUYING_OPTION_REFINEMENTS")
                .bodyAsJsonObject();
        assertThat(body.containsKey("itemSummaries")).isFalse();
        assertThat(body.getInteger("total")).isEqualTo(2);
        JsonObject refinement = body.getJsonObject("refinement");
        assertThat(refinement.getJsonArray("conditionDistributions").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("conditionId", "1000")
                        .put("condition", "New")
                        .put("matchCount", 1));
        assertThat(refinement
                        .getJsonArray("buyingOptionDistributions")
                        .getJsonObject(0)
                        .getInteger("matchCount"))
                .isEqualTo(2);

        JsonObject warned = box.search("q=grouped&fieldgroups=EVERYTHING").bodyAsJsonObject();
        assertThat(warned.getJsonArray("warnings").getJsonObject(0).getInteger("errorId"))
                .isEqualTo(12016);
        assertThat(warned.getJsonArray("itemSummaries")).hasSize(2);
    }

    @Test
    void a_refinement_leads_to_the_rows_that_it_counted() throws Exception {
        list(new JsonObject().put("releaseId", 900_000_001L).put("title", "Refined known"));
        list(new JsonObject().put("title", "Refined unknown"));
        JsonArray aspects = box.search("q=refined&category_ids=176985&fieldgroups=ASPECT_REFINEMENTS")
                .bodyAsJsonObject()
                .getJsonObject("refinement")
                .getJsonArray("aspectDistributions");
        JsonObject labels = aspects.stream()
                .map(JsonObject.class::cast)
                .filter(aspect -> aspect.getString("localizedAspectName").equals("Record Label"))
                .findFirst()
                .orElseThrow();
        JsonObject label = labels.getJsonArray("aspectValueDistributions").getJsonObject(0);
        assertThat(label.getInteger("matchCount")).isEqualTo(1);
        String href = label.getString("refinementHref").replace("http://127.0.0.1:" + box.port, "");
        assertThat(box.ebay(href.replace("ASPECT_REFINEMENTS", "MATCHING_ITEMS"))
                        .send()
                        .await(5, SECONDS)
                        .bodyAsJsonObject()
                        .getInteger("total"))
                .isEqualTo(1);
    }

    @Test
    void finds_all_listings_of_a_product_by_its_epid() throws Exception {
        list(new JsonObject().put("releaseId", 900_000_001L));
        list(new JsonObject().put("releaseId", 900_000_004L));
        list(new JsonObject().put("releaseId", 900_000_002L));
        String epid = rows(box.search("q=blue+harbour")).getJsonObject(0).getString("epid");
        assertThat(box.search("epid=" + epid).bodyAsJsonObject().getInteger("total"))
                .isEqualTo(2);
        JsonObject warned = box.search("epid=none").bodyAsJsonObject();
        assertThat(warned.getJsonArray("warnings").getJsonObject(0).getInteger("errorId"))
                .isEqualTo(12021);
    }

    @Test
    void a_reduced_price_adds_up() throws Exception {
        JsonObject reduced = null;
        for (int i = 0; i < 7 && reduced == null; i++) {
            list(new JsonObject().put("title", "Reduced " + i).put("price", "40.00"));
            reduced = rows(box.search("q=reduced+" + i)).getJsonObject(0).getJsonObject("marketingPrice");
        }
        assertThat(reduced.getJsonObject("originalPrice").getString("value")).isEqualTo("50.00");
        assertThat(reduced.getJsonObject("discountAmount").getString("value")).isEqualTo("10.00");
        assertThat(reduced.getString("discountPercentage")).isEqualTo("20");
    }

    @Test
    void an_item_can_be_asked_for_in_less_or_more() throws Exception {
        String id = encoded(list(new JsonObject().put("releaseId", 900_000_001L)));
        assertThat(item(id + "?fieldgroups=COMPACT").bodyAsJsonObject().fieldNames())
                .contains("price", "estimatedAvailabilities", "sellerItemRevision")
                .doesNotContain("title", "description", "localizedAspects", "seller");
        JsonObject more =
                item(id + "?fieldgroups=PRODUCT,ADDITIONAL_SELLER_DETAILS").bodyAsJsonObject();
        assertThat(more.getJsonObject("product").getString("title")).isEqualTo("Marlow Quartet - Blue Harbour");
        assertThat(more.getJsonObject("seller").containsKey("userId")).isTrue();
        assertThat(error(item(id + "?fieldgroups=COMPACT,PRODUCT")).getInteger("errorId"))
                .isEqualTo(11018);
        assertThat(error(item(id + "?fieldgroups=ALL")).getInteger("errorId")).isEqualTo(11501);
    }

    @Test
    void what_is_for_partners_is_refused_in_json_and_so_is_what_is_nowhere() throws Exception {
        var items = box.ebay("/buy/browse/v1/item/?item_ids=v1%7C1%7C0").send().await(5, SECONDS);
        assertThat(items.statusCode()).isEqualTo(403);
        assertThat(error(items).getInteger("errorId")).isEqualTo(1100);
        var image = box.request(HttpMethod.POST, "/buy/browse/v1/item_summary/search_by_image")
                .bearerTokenAuthentication(box.token())
                .sendJsonObject(new JsonObject().put("image", "QUJD"))
                .await(5, SECONDS);
        assertThat(image.statusCode()).isEqualTo(403);
        assertThat(error(image).getString("domain")).isEqualTo("ACCESS");
        var nowhere = box.ebay("/buy/browse/v1/nowhere").send().await(5, SECONDS);
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(error(nowhere).getInteger("errorId")).isEqualTo(2002);
    }
}
