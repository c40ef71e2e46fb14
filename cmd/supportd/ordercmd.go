package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// orderCommand gives one order of the process to tickets; its name is the verb.
// It has the flags of all orders: fitOrders leaves each command those that its
// verb takes.
type orderCommand struct {
	IDs []string `arg:"" name:"id" help:"Tracking IDs, such as AIS-7K3Q-M2XQ."`
	orderFlags
	As      string `placeholder:"ADDRESS" help:"Do it in the name of this member of staff; without it, as the operator."`
	Preview bool   `help:"Do nothing; tell what would happen, and which letters would be written."`
	apiFlags
}

// orderFlags are the fields of ticket.Order, by their names there.
type orderFlags struct {
	Severity string   `field:"severity" placeholder:"critical|high|normal|low" help:"The severity that counts from now on."`
	Category string   `field:"category" help:"The subject area, such as login."`
	Kind     string   `field:"kind" placeholder:"bug|question|feature_request" help:"What it is."`
	Title    string   `field:"title" help:"Public title, for the roadmap; never the reporter's subject."`
	Sprint   string   `field:"sprint" placeholder:"YYYY-NN" help:"The sprint; without it the first with room."`
	Hotfix   bool     `field:"hotfix" help:"Into the current sprint at once, whatever its capacity."`
	To       string   `field:"to" placeholder:"ADDRESS" help:"Who has it from now on: an address of the staff's, or me with --as."`
	Into     string   `field:"into" placeholder:"ID" help:"The ticket that stays."`
	Other    string   `field:"other" placeholder:"ID" help:"The ticket to link with."`
	Result   string   `field:"result" placeholder:"answer|fixed|workaround" help:"What comes of it."`
	Text     string   `field:"text" help:"The words; - reads them from the standard input."`
	Verified string   `field:"verified" help:"What QA verified; the reporter reads it. - reads it from the standard input."`
	Limits   string   `field:"limits" help:"What the result does not cover."`
	How      string   `field:"how" help:"How to check it, for QA."`
	Reason   string   `field:"reason" help:"Why, to the reporter; - reads it from the standard input."`
	Question []string `field:"questions" sep:"none" help:"A question to the reporter; repeatable."`
	Public   bool     `field:"public" help:"The reporter reads it too."`
	Quarter  string   `field:"quarter" placeholder:"YYYY-Qn" help:"The quarter it is planned for."`
	Review   string   `field:"review" placeholder:"YYYY-MM-DD" help:"The day on which you look at it again."`
	// The other closings are what goes without saying, and the clock's.
	Confirmed bool   `field:"closing" help:"The reporter said that it works."`
	Address   string `field:"address" placeholder:"ADDRESS" help:"Whose part in the ticket it is."`
	Name      string `field:"name" help:"The name of the person at this address."`
}

// order is what the flags say.
func (f *orderFlags) order(verb ticket.Verb) ticket.Order {
	o := ticket.Order{
		Verb: verb, Severity: ticket.Severity(f.Severity), Category: f.Category, Kind: ticket.Kind(f.Kind), Title: f.Title,
		Sprint: f.Sprint, Hotfix: f.Hotfix, To: f.To, Into: ticket.ID(f.Into), Other: ticket.ID(f.Other),
		Result: ticket.Result(f.Result), Text: f.Text, Verified: f.Verified, Limits: f.Limits, How: f.How, Reason: f.Reason,
		Questions: f.Question, Public: f.Public, Quarter: f.Quarter, Review: f.Review, Address: f.Address, Name: f.Name,
	}
	if f.Confirmed {
		o.Closing = ticket.ClosingConfirmed
	}
	return o
}

// fitOrders gives every order command the help and the flags that the table of
// verbs has for it, so that what a verb takes is said there alone.
func fitOrders(k *kong.Kong) error {
	for _, parent := range k.Model.Children {
		for _, node := range parent.Children {
			if _, ok := node.Target.Addr().Interface().(*orderCommand); !ok {
				continue
			}
			word, ok := ticket.VerbNamed(node.Name)
			if !ok || string(word.Verb) != node.Name {
				return fmt.Errorf("%s is no verb of the process", node.Name)
			}
			node.Help, node.Detail = word.About.English, "Who may: "+rolesText(word.Roles)+"."
			node.Flags = slices.DeleteFunc(node.Flags, func(f *kong.Flag) bool {
				field := ticket.OrderField(f.Tag.Get("field"))
				f.Required = slices.Contains(word.Needs, field)
				return field != "" && !slices.Contains(word.Fields, field)
			})
		}
	}
	return nil
}

func rolesText(roles []ticket.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// Run gives the order to each ticket and says of each what came of it.
func (c *orderCommand) Run(ctx context.Context, h host, k *kong.Context) error {
	if err := c.fromInput(h.in); err != nil {
		return err
	}
	body := web.Command{As: c.As, Order: c.order(ticket.Verb(k.Selected().Name))}
	return c.with(ctx, h, func(api *client) error {
		return each(c.IDs, h.errOut, func(id string) error { return c.give(ctx, api, h, id, body) })
	})
}

// give gives the order to one ticket.
func (c *orderCommand) give(ctx context.Context, api *client, h host, id string, body web.Command) error {
	var query url.Values
	if c.Preview {
		query = url.Values{"preview": {"true"}}
	}
	var result web.CommandResult
	raw, err := api.post(ctx, ticketPath(id)+"/commands", query, body, &result)
	if err != nil {
		return err
	}
	return c.print(h.out, raw, func(w io.Writer) error {
		if c.Preview {
			return previewPage(w, result, api.zone)
		}
		_, err := fmt.Fprintln(w, resultText(result, api.offline))
		return err
	})
}

// maxText bounds a text from the standard input, in bytes: more than anybody
// reads in a letter, and escaped still less than the API takes of a body.
const maxText = 128 << 10

// fromInput fills in the text that the standard input holds.
func (f *orderFlags) fromInput(in io.Reader) error {
	var from *string
	for _, field := range []*string{&f.Text, &f.Verified, &f.Limits, &f.How, &f.Reason} {
		switch {
		case *field != "-":
		case from != nil:
			return failf(exitUsage, "the standard input holds one text; give - to one flag alone")
		default:
			from = field
		}
	}
	if from == nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(in, maxText+1))
	switch {
	case err != nil:
		return failf(exitFailed, "the text cannot be read: %s", reason(err))
	case len(text) > maxText:
		return failf(exitFailed, "the text is longer than %d bytes; shorten it", maxText)
	case strings.TrimSpace(string(text)) == "":
		return failf(exitUsage, "the standard input holds no text")
	}
	*from = string(text)
	return nil
}
